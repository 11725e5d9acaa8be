// Sends a form once: a second click while the answer is on its way does nothing.
// In: submissions of plain forms (htmx has its own queue). Out: the pressed button disabled, and
// the element that it stands in marked as busy.

document.addEventListener("submit", (event) => {
  const button = (event as SubmitEvent).submitter;
  if (!(button instanceof HTMLButtonElement) || button.closest("[data-theme-choice]")) return;
  window.setTimeout(() => {
    if (event.defaultPrevented) return;
    button.disabled = true;
    button.closest("[data-wait]")?.setAttribute("aria-busy", "true");
  });
});

// A page that comes back from the browser's cache is ready again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[disabled]")) {
    button.disabled = false;
  }
});
