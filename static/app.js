// Small comforts; every page works without them.

import { copies } from "./dom.js";

// "Copy" beside a text.
for (const button of document.querySelectorAll("[data-copy]")) {
  // Only pages from this machine, or over TLS, may copy.
  button.hidden = !navigator.clipboard;
  copies(button, () => document.getElementById(button.dataset.copy).value);
}

// Of what is too wide for its box the latest is shown first.
for (const box of document.querySelectorAll(".attendance .scroll")) box.scrollLeft = box.scrollWidth;

// The exact day behind each, with its weekday; moments in the reader's own time zone.
const language = navigator.language.startsWith("en") ? navigator.language : "en-GB";
const long = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  const said = time.dateTime;
  if (said.includes("T")) {
    time.textContent = moment.format(new Date(said));
    time.title = said;
  } else {
    // Days are civil: the same everywhere.
    const [year, month, day] = said.split("-").map(Number);
    time.title = long.format(new Date(year, month - 1, day));
  }
}

// Another day is asked for with all else that is asked for.
for (const form of document.querySelectorAll("form.as-of")) {
  form.addEventListener("submit", () => {
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (form.elements.namedItem(name)) continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(field);
    }
  });
}
