// Says something in the page's one polite live region, and shows a problem in its one alert.
// In: text. Out: what a screen reader reads.

export function say(text: string): void {
  const region = document.getElementById("live");
  if (region && region.textContent !== text) region.textContent = text;
}

/** Show a problem at the top of the page; an empty text takes it away. */
export function notice(text: string): void {
  const region = document.getElementById("notice");
  if (!region) return;
  region.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = text;
  region.append(line);
}

/** Give a sentence that the server wrote into the page (all words stay in the templates). */
export function words(key: string): string {
  const line = document.querySelector<HTMLTemplateElement>(`template[data-words="${key}"]`);
  return line?.content.textContent?.trim() ?? "";
}
