// Every page loads this: htmx and the small behaviors. Nothing here is needed to use the pages.
import "htmx.org";
import "./answer-timer";
import "./chart-view";
import "./dictate-button";
import "./dialogs";
import "./drafts";
import "./once";
import "./sql-links";
import "./interview-clock";
import "./local-time";
import "./swaps";
import "./theme";
import "./words";

document.documentElement.dataset.script = "on";
