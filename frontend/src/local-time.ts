// Shows times in the person's own time zone; without it they stand in UTC.
// In: `<time data-local datetime>`. Out: its text, on load and after a part of the page was swapped.

const shape = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "medium",
  timeStyle: "short",
});

function localize(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
    time.textContent = shape.format(new Date(time.dateTime));
    time.removeAttribute("data-local");
  }
}

localize();
document.addEventListener("htmx:after:swap", localize);
