// Counts the words of a text area while it is typed in, and keeps sliders beside their numbers.
// In: input events. Out: the text of `<output data-words-for>` and the twin's value.

function countWords(text: string): number {
  return text.trim() ? text.trim().split(/\s+/).length : 0;
}

function showCount(area: HTMLTextAreaElement): void {
  const output = document.querySelector<HTMLOutputElement>(`[data-words-for="${area.id}"]`);
  if (!output) return;
  const count = countWords(area.value);
  output.textContent = String(count);
  const low = Number(output.dataset.low ?? 0);
  const high = Number(output.dataset.high ?? Infinity);
  output.classList.toggle("off-range", count > 0 && (count < low || count > high));
}

function matchTwin(input: HTMLInputElement): void {
  const twin = input.dataset.twin ? document.getElementById(input.dataset.twin) : null;
  if (!(twin instanceof HTMLInputElement) || twin.value === input.value) return;
  twin.value = input.value;
  if (input.type === "range") twin.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLTextAreaElement) showCount(event.target);
  if (event.target instanceof HTMLInputElement) matchTwin(event.target);
});
