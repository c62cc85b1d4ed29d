// Tells, and never by itself reloads, when the book changed under an open page.

const news = document.getElementById("news");
const isPast = new URLSearchParams(location.search).has("as-of");
// What the page was made of; the server says it with each page.
const shown = performance.getEntriesByType("navigation")[0]?.serverTiming?.find((told) => told.name === "book")?.description;
let source = null;
let changed = 0;

const tell = () => {
  const minutes = Math.floor((Date.now() - changed) / 60_000);
  const since = minutes === 0 ? "just now" : new Intl.RelativeTimeFormat(document.documentElement.lang).format(-minutes, "minute");
  const reload = document.createElement("a");
  reload.href = location.href;
  reload.textContent = "Show it as it is now";
  reload.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  news.replaceChildren(`The book was updated ${since}. `, reload);
};

const listen = () => {
  if (source || document.hidden || changed) return;
  source = new EventSource("/events");
  source.addEventListener("book", (event) => {
    if (event.data === shown) return;
    changed = Date.now();
    stop();
    tell();
    setInterval(tell, 60_000);
  });
};
const stop = () => {
  source?.close();
  source = null;
};

// A browser keeps few connections to one server: a page that nobody sees needs none.
if (shown !== undefined && !isPast) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", listen);
}
