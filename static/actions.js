// The table of actions: what is ticked opens the form that closes it, a range is ticked with Shift, and the list is
// copied as Markdown where the browser lets it.

import { copies } from "./dom.js";

const form = document.querySelector("form.many");
if (form) {
  const ticks = [...form.querySelectorAll("[name=action]")];
  const say = form.querySelector(".say-of-many");
  const summary = say?.querySelector("summary");
  const words = summary?.textContent;
  let last = -1;
  const shown = () => {
    const many = ticks.filter((tick) => tick.checked).length;
    if (!say) return;
    summary.textContent = many === 0 ? words : `Close the ${many === 1 ? "one" : many} that ${many === 1 ? "is" : "are"} ticked`;
    say.classList.toggle("ready", many > 0);
    if (many > 0) say.open = true;
  };
  for (const [at, tick] of ticks.entries()) {
    tick.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        for (const other of ticks.slice(Math.min(last, at), Math.max(last, at) + 1)) other.checked = tick.checked;
      }
      last = at;
      shown();
    });
  }
  shown();
}

for (const link of document.querySelectorAll("[data-copy-from]")) {
  if (!navigator.clipboard) break;
  link.removeAttribute("download");
  link.textContent = "Copy as Markdown";
  const text = async () => {
    const answer = await fetch(link.dataset.copyFrom);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  };
  copies(link, text, () => { location.href = link.href; });
}
