// Keeps people oriented when htmx swaps a part of the page.
// In: htmx events. Out: focus on what asked for it, aria-busy while waiting, errors in words.
import { notice, words } from "./live";

interface Context {
  hx?: Record<string, string>;
  target?: Element | string;
  sourceElement?: Element;
}

function contextOf(event: Event): Context {
  return (event as CustomEvent<{ ctx?: Context }>).detail?.ctx ?? {};
}

function setBusy(event: Event, busy: boolean): void {
  const { target } = contextOf(event);
  if (!(target instanceof Element)) return;
  if (busy) target.setAttribute("aria-busy", "true");
  else target.removeAttribute("aria-busy");
}

/** Move focus to the element that the server marked, once. */
function focusMarked(): void {
  const marked = document.querySelector<HTMLElement>("[data-focus]");
  if (!marked) return;
  marked.removeAttribute("data-focus");
  marked.focus({ preventScroll: true });
  marked.scrollIntoView({ block: "nearest" });
}

/** Keep the address in step with what is shown, so that a refresh shows the same. */
function keepAddress(event: Event): void {
  const address = contextOf(event).hx?.replaceurl;
  if (address) history.replaceState(null, "", address);
}

document.addEventListener("htmx:before:request", (event) => {
  notice("");
  setBusy(event, true);
});
document.addEventListener("htmx:finally:request", (event) => setBusy(event, false));
document.addEventListener("htmx:after:swap", focusMarked);
document.addEventListener("htmx:after:swap", keepAddress);
document.addEventListener("htmx:error", (event) => {
  setBusy(event, false);
  notice(words("no-answer"));
});
document.addEventListener("DOMContentLoaded", focusMarked);
