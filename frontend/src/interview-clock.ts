// Counts an interview's clocks down between looks at the server, whose clock is the one that counts.
// In: `<interview-clock tick="URL" turn lines [paused] [stay]>` around elements with
// data-left="SECONDS". Out: their texts; a look at the server now and then and when a clock runs out.
// When the interviewer went on meanwhile the page is loaded again (what was typed was taken, and is
// kept); with `stay` the page only says so.
import { notice, say, words } from "./live";

interface Look {
  turn: number;
  lines: number;
  paused: boolean;
  left: Record<string, number>;
  nudge: string;
}

const LOOK_MS = 10_000;
const SOON_MS = 1_500;

function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

class InterviewClock extends HTMLElement {
  private ends = new Map<HTMLElement, number>();
  private ticking = 0;
  private next = 0;
  private looking = false;
  private lines = 0;

  connectedCallback(): void {
    this.lines = Number(this.getAttribute("lines") ?? 0);
    for (const face of this.faces) this.set(face, Number(face.dataset.left ?? 0));
    if (this.hasAttribute("paused")) return;
    this.next = performance.now() + LOOK_MS;
    this.ticking = window.setInterval(() => this.beat(), 500);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.ticking);
  }

  private get faces(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-left]")];
  }

  private set(face: HTMLElement, seconds: number): void {
    this.ends.set(face, performance.now() + seconds * 1000);
    face.textContent = clock(seconds);
    face.classList.toggle("off-range", seconds <= 0);
  }

  private beat(): void {
    const now = performance.now();
    let ran = false;
    for (const face of this.faces) {
      const seconds = ((this.ends.get(face) ?? now) - now) / 1000;
      ran ||= seconds <= 0 && !face.classList.contains("off-range");
      face.textContent = clock(seconds);
      face.classList.toggle("off-range", seconds <= 0);
    }
    if (ran) this.next = Math.min(this.next, now + SOON_MS);
    if (now >= this.next && !this.looking) void this.look();
  }

  private async look(): Promise<void> {
    this.looking = true;
    try {
      const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
      const body = new URLSearchParams({ csrf_token: csrf });
      const response = await fetch(this.getAttribute("tick") ?? "", { method: "POST", body });
      if (!response.ok) throw new Error(String(response.status));
      this.heard((await response.json()) as Look);
    } catch {
      notice(words("no-answer"));
    } finally {
      this.looking = false;
      this.next = performance.now() + LOOK_MS;
    }
  }

  private heard(look: Look): void {
    const moved = look.turn !== Number(this.getAttribute("turn"));
    if ((moved || look.paused) && !this.hasAttribute("stay")) return location.reload();
    if (moved || look.paused) return this.stay(moved ? "interview-moved" : "interview-paused");
    if (look.lines !== this.lines && look.nudge) this.nudge(look.nudge);
    this.lines = look.lines;
    for (const face of this.faces) {
      const seconds = look.left[face.dataset.clock ?? ""];
      if (seconds !== undefined) this.set(face, seconds);
    }
  }

  /** On a page of the case: say that the interviewer went on or waits, and leave the page be. */
  private stay(saying: string): void {
    window.clearInterval(this.ticking);
    const place = document.getElementById(saying);
    if (!place) return;
    place.hidden = false;
    this.hidden = true;
    say(place.textContent ?? "");
  }

  private nudge(text: string): void {
    const place = document.getElementById("nudge");
    if (place) place.textContent = text;
    if (place) place.hidden = false;
    say(text);
  }
}

customElements.define("interview-clock", InterviewClock);
