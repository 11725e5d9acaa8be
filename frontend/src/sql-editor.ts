// The SQL editor: CodeMirror around a plain text area, which stays what the form sends.
// In: `<sql-editor labelled-by described-by>` with a `<textarea>` inside, and JSON of table names to
// columns with types in `#schema`. Out: the text area's value, `input` events, and the form
// submitted on Ctrl or Cmd with Enter. Tab moves on; Ctrl-] and Ctrl-[ indent.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

interface Column {
  name: string;
  type: string;
}

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--ink-2)", fontStyle: "italic" },
  { tag: tags.typeName, color: "var(--code-type)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "9.5em", maxHeight: "24em" },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-2)", border: "none", paddingLeft: "4px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-placeholder": { color: "var(--ink-2)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-2)", borderRadius: "6px", boxShadow: "var(--shadow)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85", marginLeft: "1.5em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
});

function namespace(tables: Record<string, Column[]>): SQLNamespace {
  return Object.fromEntries(
    Object.entries(tables).map(([table, columns]) => [
      table,
      {
        self: { label: table, type: "class", detail: "table", boost: 2 },
        children: columns.map(({ name, type }) => ({ label: name, type: "property", detail: type.toLowerCase() })),
      },
    ]),
  );
}

class SqlEditor extends HTMLElement {
  private view: EditorView | null = null;
  private area!: HTMLTextAreaElement;
  private schema = "";
  private readonly language = new Compartment();

  connectedCallback(): void {
    const area = this.querySelector("textarea");
    if (!area || this.view) return;
    this.area = area;
    this.area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.run();
    });
    this.area.addEventListener("caseroom:set", () => this.setText(this.area.value, false));
    if (this.hasAttribute("plain")) return;
    this.build();
    document.addEventListener("htmx:after:swap", () => this.learnSchema());
  }

  /** Offer the tables that there are now: bought evidence adds some. */
  private learnSchema(): void {
    if (this.schemaText() === this.schema) return;
    this.view?.dispatch({ effects: this.language.reconfigure(this.sqlLanguage()) });
  }

  private schemaText(): string {
    return document.getElementById("schema")?.textContent?.trim() || "{}";
  }

  private sqlLanguage() {
    this.schema = this.schemaText();
    const tables = JSON.parse(this.schema) as Record<string, Column[]>;
    return sql({ dialect: PostgreSQL, schema: namespace(tables) });
  }

  /** Put a query into the editor, as one step that can be undone. */
  setText(text: string, focus = true): void {
    if (this.view) {
      if (this.view.state.doc.toString() !== text) {
        this.view.dispatch({
          changes: { from: 0, to: this.view.state.doc.length, insert: text },
          selection: { anchor: text.length },
          annotations: isolateHistory.of("full"),
        });
      }
    } else if (this.area.value !== text) {
      this.area.value = text;
      this.changed();
    }
    if (!focus) return;
    (this.view ?? this.area).focus();
    this.scrollIntoView({ block: "nearest" });
  }

  private run(): boolean {
    if (this.view) closeCompletion(this.view);
    this.area.form?.requestSubmit();
    return true;
  }

  private changed(): void {
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private build(): void {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
    this.view = new EditorView({
      parent: this,
      state: EditorState.create({
        doc: this.area.value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => this.run() }])),
          lineNumbers(),
          history(),
          drawSelection({ cursorBlinkRate: 0 }),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          this.language.of(this.sqlLanguage()),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
          placeholder(this.area.placeholder),
          EditorView.lineWrapping,
          syntaxHighlighting(colors),
          look,
          EditorView.contentAttributes.of({
            "aria-labelledby": this.getAttribute("labelled-by") ?? "",
            "aria-describedby": this.getAttribute("described-by") ?? "",
            spellcheck: "false",
            autocapitalize: "off",
          }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            this.area.value = update.state.doc.toString();
            this.changed();
          }),
          EditorView.domEventHandlers({
            blur: () => void this.area.dispatchEvent(new FocusEvent("focusout", { bubbles: true })),
          }),
        ],
      }),
    });
    this.area.hidden = true;
    const label = document.getElementById(this.getAttribute("labelled-by") ?? "");
    label?.addEventListener("click", () => this.view?.focus());
    if (this.hasAttribute("autofocus")) this.view.focus();
  }
}

customElements.define("sql-editor", SqlEditor);
