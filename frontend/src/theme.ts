// Switches between light, dark and the system's theme without loading the page again.
// In: clicks on the theme form's buttons. Out: a cookie and the data-theme attribute.
import { say } from "./live";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-theme-choice]");
  if (!button) return;
  event.preventDefault();
  const theme = button.value;
  document.cookie = `caseroom-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
  document.documentElement.dataset.theme = theme;
  for (const other of document.querySelectorAll("button[data-theme-choice]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  say(button.dataset.said ?? "");
  document.dispatchEvent(new CustomEvent("caseroom:theme"));
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("caseroom:theme"));
});
