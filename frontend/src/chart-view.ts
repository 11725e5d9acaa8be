// Draws a Vega-Lite chart; the library is loaded when the first chart is on the page.
// In: `<chart-view spec='{...}'>`. Out: an SVG in the page's own colors, drawn again on a new
// spec or theme. The table and the sentence beside it stand without it.

class ChartView extends HTMLElement {
  static observedAttributes = ["spec"];
  private drawn = "";
  private readonly redraw = () => void this.draw(true);

  connectedCallback(): void {
    document.addEventListener("caseroom:theme", this.redraw);
    void this.draw(false);
  }

  disconnectedCallback(): void {
    document.removeEventListener("caseroom:theme", this.redraw);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) void this.draw(false);
  }

  private async draw(again: boolean): Promise<void> {
    const spec = this.getAttribute("spec") ?? "";
    if (!spec || (spec === this.drawn && !again)) return;
    this.drawn = spec;
    const { drawChart } = await import("./vega-draw");
    let place = this.querySelector<HTMLElement>(".canvas");
    if (!place) {
      place = document.createElement("div");
      place.className = "canvas";
      this.append(place);
    }
    await drawChart(place, JSON.parse(spec));
    this.dataset.ready = "true";
  }
}

customElements.define("chart-view", ChartView);
