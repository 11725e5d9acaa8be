// Draws one chart with Vega, without eval and without the network.
// In: an element and a Vega-Lite spec. Out: an SVG inside the element.
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import * as vega from "vega";

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Give the page's design tokens as a Vega-Lite configuration. */
function themeConfig(): Record<string, unknown> {
  const ink = token("--ink-2");
  const line = token("--line");
  const text = { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12 };
  return {
    background: "transparent",
    font: token("--font"),
    view: { stroke: "transparent" },
    axis: { ...text, domainColor: line, tickColor: line, gridColor: line, titleFontWeight: 500 },
    axisX: { labelOverlap: "greedy", labelSeparation: 12 },
    header: text,
    legend: { ...text, orient: "top", title: null, symbolStrokeWidth: 3 },
    title: { color: token("--ink"), fontSize: 13, fontWeight: 600, anchor: "start" },
    mark: { color: token("--chart-1") },
    line: { strokeWidth: 2 },
    bar: { cornerRadiusEnd: 2 },
    rule: { color: ink },
    point: { filled: true, size: 45 },
    range: {
      category: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => token(`--chart-${number}`)),
      heatmap: [token("--surface-2"), token("--chart-1")],
      ramp: [token("--surface-2"), token("--chart-1")],
    },
  };
}

/** A loader that refuses: a chart holds its own data. */
const noLoader = {
  load: () => Promise.reject(new Error("charts load nothing")),
  sanitize: () => Promise.reject(new Error("charts load nothing")),
  http: () => Promise.reject(new Error("charts load nothing")),
  file: () => Promise.reject(new Error("charts load nothing")),
  fetch: null,
};

export async function drawChart(place: HTMLElement, spec: TopLevelSpec): Promise<void> {
  const compiled = compile(spec, { config: themeConfig() }).spec;
  const runtime = vega.parse(compiled, {}, { ast: true } as never);
  const view = new vega.View(runtime, {
    expr: expressionInterpreter,
    loader: noLoader as never,
    renderer: "svg",
    container: place,
    logLevel: vega.Error,
  } as never);
  await view.runAsync();
}
