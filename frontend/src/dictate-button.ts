// Dictation into a text area, where the browser offers it; off until the button is pressed.
// In: `<dictate-button for hidden>` around a button. Out: what was said, at the end of the text, as
// if it had been typed. The browser may send the sound to its maker; the page says so.
import { say, words } from "./live";

interface Result {
  isFinal: boolean;
  0: { transcript: string };
}

interface Recognition extends EventTarget {
  continuous: boolean;
  interimResults: boolean;
  lang: string;
  start(): void;
  stop(): void;
}

type Speaking = Window & {
  SpeechRecognition?: new () => Recognition;
  webkitSpeechRecognition?: new () => Recognition;
};

class DictateButton extends HTMLElement {
  private recognition: Recognition | null = null;
  private button: HTMLButtonElement | null = null;

  connectedCallback(): void {
    const offered = this.offered();
    this.button = this.querySelector("button");
    if (!offered || !this.button) return;
    this.hidden = false;
    this.button.addEventListener("click", () => (this.recognition ? this.stop() : this.start(offered)));
  }

  disconnectedCallback(): void {
    this.stop();
  }

  private offered(): (new () => Recognition) | undefined {
    const speaking = window as Speaking;
    return speaking.SpeechRecognition ?? speaking.webkitSpeechRecognition;
  }

  private start(make: new () => Recognition): void {
    const recognition = new make();
    recognition.continuous = true;
    recognition.interimResults = false;
    recognition.lang = navigator.language || "en-US";
    recognition.addEventListener("result", (event) => this.heard(event));
    recognition.addEventListener("end", () => this.ended("dictation-off"));
    recognition.addEventListener("error", () => this.ended("dictation-failed"));
    this.recognition = recognition;
    recognition.start();
    this.button?.setAttribute("aria-pressed", "true");
    say(words("dictation-on"));
  }

  private stop(): void {
    this.recognition?.stop();
    this.ended("dictation-off");
  }

  private ended(why: string): void {
    if (!this.recognition) return;
    this.recognition = null;
    this.button?.setAttribute("aria-pressed", "false");
    say(words(why));
  }

  private heard(event: Event): void {
    const { results, resultIndex } = event as Event & { results: Result[]; resultIndex: number };
    const area = document.getElementById(this.getAttribute("for") ?? "");
    if (!(area instanceof HTMLTextAreaElement)) return;
    for (let index = resultIndex; index < results.length; index += 1) {
      const result = results[index];
      if (!result?.isFinal) continue;
      const gap = area.value && !/\s$/.test(area.value) ? " " : "";
      area.value += gap + result[0].transcript.trim();
    }
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("dictate-button", DictateButton);
