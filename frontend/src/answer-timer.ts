// Counts the seconds that an answer takes, against the time that it should take.
// In: `<answer-timer seconds limit key for>` (`for` names the hidden input that forms and drafts
// send). Out: that input's value; a clock with a button that pauses it. The clock counts while the
// page is open, and goes on after a reload where it stood.
import { say, words } from "./live";

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

class AnswerTimer extends HTMLElement {
  private used = 0;
  private since = 0;
  private running = false;
  private told = false;
  private ticking = 0;
  private face!: HTMLElement;
  private button!: HTMLButtonElement;
  private readonly keep = () => this.store();

  connectedCallback(): void {
    this.build();
    const kept = JSON.parse(sessionStorage.getItem(this.place) ?? "{}") as { seconds?: number; paused?: boolean };
    this.used = Math.max(Number(this.getAttribute("seconds") ?? 0), kept.seconds ?? 0);
    this.told = this.used >= this.limit;
    if (kept.paused) this.show();
    else this.go();
    this.ticking = window.setInterval(() => this.show(), 500);
    window.addEventListener("pagehide", this.keep);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.ticking);
    window.removeEventListener("pagehide", this.keep);
  }

  private get place(): string {
    return `caseroom-timer:${this.getAttribute("key") ?? location.pathname}`;
  }

  private get limit(): number {
    return Number(this.getAttribute("limit") ?? Infinity);
  }

  private get seconds(): number {
    return Math.floor(this.used + (this.running ? (performance.now() - this.since) / 1000 : 0));
  }

  private build(): void {
    this.face = document.createElement("span");
    this.face.className = "number";
    this.face.setAttribute("role", "timer");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "subtle";
    this.button.addEventListener("click", () => (this.running ? this.stop() : this.go()));
    this.replaceChildren(this.face, this.button);
  }

  private go(): void {
    this.running = true;
    this.since = performance.now();
    this.show();
  }

  private stop(): void {
    this.used += (performance.now() - this.since) / 1000;
    this.running = false;
    this.show();
    this.store();
  }

  private show(): void {
    const seconds = this.seconds;
    const over = seconds > this.limit;
    this.face.textContent = `${clock(seconds)} / ${clock(this.limit)}`;
    this.face.classList.toggle("off-range", over);
    this.button.textContent = words(this.running ? "pause" : "go-on");
    const input = document.getElementById(this.getAttribute("for") ?? "");
    if (input instanceof HTMLInputElement) input.value = String(seconds);
    if (over && !this.told) say(words("time-is-up"));
    this.told ||= over;
  }

  private store(): void {
    const kept = { seconds: this.seconds, paused: !this.running };
    sessionStorage.setItem(this.place, JSON.stringify(kept));
  }
}

customElements.define("answer-timer", AnswerTimer);
