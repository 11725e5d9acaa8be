// Saves every field that carries data-draft a moment after it was typed in, and on leaving it.
// In: inputs inside `[data-drafts=URL]`; inputs with data-with-draft there are sent along.
// Out: POSTs of one field with its version; "saved" in words; a visible choice where another tab
// saved a newer version first.
import { words } from "./live";

type Draftable = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Draft {
  field: string;
  text: string;
  version: number;
}

interface Answer extends Draft {
  conflict: boolean;
}

interface Kept extends Draft {
  saved: boolean;
}

const QUIET_MS = 1200;
const RETRY_MS = 3000;
const RECENT_MS = 30_000;
const dirty = new Set<string>();
const saving = new Set<string>();
const savedAt = new Map<string, number>();
const timers = new Map<string, number>();
let failed = false;
let told = "";

function isDraftable(target: EventTarget | null): target is Draftable {
  return target instanceof HTMLElement && "draft" in target.dataset;
}

function inputsOf(field: string): Draftable[] {
  return [...document.querySelectorAll<Draftable>(`[data-draft="${CSS.escape(field)}"]`)];
}

function valueOf(field: string): string {
  for (const input of inputsOf(field)) {
    const box = input instanceof HTMLInputElement && ["checkbox", "radio"].includes(input.type);
    if (!box) return input.value;
    if ((input as HTMLInputElement).checked) return input.value;
  }
  return "";
}

function setValue(field: string, text: string): void {
  for (const input of inputsOf(field)) {
    const box = input instanceof HTMLInputElement && ["checkbox", "radio"].includes(input.type);
    if (box) (input as HTMLInputElement).checked = input.value === text;
    else input.value = text;
    input.dispatchEvent(new CustomEvent("caseroom:set", { bubbles: true }));
  }
}

function versionOf(field: string): number {
  return Number(inputsOf(field)[0]?.dataset.version ?? 0);
}

function setVersion(field: string, version: number): void {
  for (const input of inputsOf(field)) input.dataset.version = String(version);
  const hidden = document.querySelector<HTMLInputElement>(
    `input[name="version:${CSS.escape(field)}"]`,
  );
  if (hidden) hidden.value = String(version);
}

function report(key: string): void {
  const text = words(key);
  for (const status of document.querySelectorAll("[data-draft-status]")) {
    status.textContent = text;
    status.classList.toggle("off-range", key === "not-saved");
  }
  if (key !== "saving") tell(key, text);
}

/** Read the state out when it is new: the first time, and when saving fails or works again. */
function tell(key: string, text: string): void {
  const region = document.getElementById("live-saved");
  if (region && told !== key) region.textContent = text;
  told = key;
}

function schedule(field: string, delay: number): void {
  window.clearTimeout(timers.get(field));
  timers.set(field, window.setTimeout(() => void save(field), delay));
}

function request(field: string, keepalive: boolean): Promise<Response> {
  const owner = inputsOf(field)[0]?.closest<HTMLElement>("[data-drafts]");
  const body = new URLSearchParams({
    field,
    text: valueOf(field),
    version: String(versionOf(field)),
    csrf_token: document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "",
  });
  for (const more of owner?.querySelectorAll<HTMLInputElement>("input[data-with-draft]") ?? []) {
    body.set(more.name, more.value);
  }
  return fetch(owner?.dataset.drafts ?? "", { method: "POST", body, keepalive });
}

async function save(field: string): Promise<void> {
  if (!dirty.has(field) || saving.has(field)) return;
  saving.add(field);
  dirty.delete(field);
  report("saving");
  try {
    const response = await request(field, false);
    if (!response.ok) throw new Error(String(response.status));
    settle((await response.json()) as Answer);
    failed = false;
  } catch {
    failed = true;
    dirty.add(field);
    report("not-saved");
    schedule(field, RETRY_MS);
  } finally {
    saving.delete(field);
  }
  if (dirty.has(field) && !failed) schedule(field, QUIET_MS);
  else if (!dirty.size && !saving.size) report("saved");
}

function settle(answer: Answer): void {
  if (answer.conflict) return showConflict(answer);
  setVersion(answer.field, answer.version);
  savedAt.set(answer.field, Date.now());
}

/** Show both texts and let the person choose; nothing is lost, the server kept both. */
function showConflict(answer: Answer): void {
  const template = document.querySelector<HTMLTemplateElement>("template#conflict");
  const place = inputsOf(answer.field)[0]?.closest(".field, .row, form");
  if (!template || !place) return;
  place.querySelector(".conflict")?.remove();
  const box = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
  box.querySelector("[data-other]")!.textContent = answer.text || words("empty");
  box.querySelector("[data-mine]")!.textContent = valueOf(answer.field) || words("empty");
  box.querySelector("[data-take]")!.addEventListener("click", () => {
    setValue(answer.field, answer.text);
    resolveConflict(box, answer, false);
  });
  box.querySelector("[data-keep]")!.addEventListener("click", () => {
    resolveConflict(box, answer, true);
  });
  place.append(box);
}

function resolveConflict(box: HTMLElement, answer: Answer, keepMine: boolean): void {
  setVersion(answer.field, answer.version);
  box.remove();
  inputsOf(answer.field)[0]?.focus();
  if (!keepMine) return;
  dirty.add(answer.field);
  schedule(answer.field, 0);
}

function touched(event: Event, delay: number): void {
  if (!isDraftable(event.target)) return;
  const field = event.target.dataset.draft!;
  dirty.add(field);
  schedule(field, delay);
}

const store = `caseroom-drafts:${location.pathname}`;

/** Send what is not saved yet while the page goes away, and keep it (and what was saved a moment ago)
 * for the next page in this tab: the server may have written that page before it heard of them. */
function flush(): void {
  const since = Date.now() - RECENT_MS;
  const done = [...savedAt].filter(([field, at]) => at > since && !unsaved(field));
  const kept: Kept[] = [
    ...[...new Set([...dirty, ...saving])].map((field) => keep(field, false)),
    ...done.map(([field]) => keep(field, true)),
  ];
  if (kept.length) sessionStorage.setItem(store, JSON.stringify(kept));
  for (const field of dirty) void request(field, true).catch(() => undefined);
}

function unsaved(field: string): boolean {
  return dirty.has(field) || saving.has(field);
}

function keep(field: string, saved: boolean): Kept {
  return { field, text: valueOf(field), version: versionOf(field), saved };
}

/** Put back what the page before had; saving a text twice does no harm. */
function restore(): void {
  const kept = JSON.parse(sessionStorage.getItem(store) ?? "[]") as Kept[];
  const waiting = kept.filter(({ field }) => !inputsOf(field).length);
  if (waiting.length) sessionStorage.setItem(store, JSON.stringify(waiting));
  else sessionStorage.removeItem(store);
  for (const draft of kept) {
    if (inputsOf(draft.field).length && valueOf(draft.field) !== draft.text) putBack(draft);
  }
}

function putBack({ field, text, version, saved }: Kept): void {
  if (saved && versionOf(field) >= version) return; // another tab was later
  setValue(field, text);
  setVersion(field, version);
  if (saved) return;
  dirty.add(field);
  schedule(field, 0);
}

document.addEventListener("input", (event) => touched(event, QUIET_MS));
document.addEventListener("change", (event) => touched(event, 0));
document.addEventListener("focusout", (event) => {
  if (isDraftable(event.target)) schedule(event.target.dataset.draft!, 0);
});
document.addEventListener("htmx:after:swap", restore);
window.addEventListener("pagehide", flush);
restore();
