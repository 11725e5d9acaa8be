// Puts a query into the editor without loading the page again.
// In: clicks on `[data-sql-from]` (the selector of the element that holds the query).
// Out: the editor's text, with focus there. Without an editor on the page the link is followed.
import { say, words } from "./live";

interface Editor extends HTMLElement {
  setText(text: string): void;
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLElement>("[data-sql-from]");
  const editor = document.querySelector<Editor>("sql-editor");
  if (!link || !editor?.setText) return;
  const sql = document.querySelector(link.dataset.sqlFrom!)?.textContent;
  if (sql == null) return;
  event.preventDefault();
  editor.setText(sql);
  say(words("in-editor"));
});
