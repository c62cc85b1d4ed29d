// What several scripts need of the document.

/** An element with attributes and what it holds. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Lets a control copy what `text` gives; for a while it says so. Where that fails, `otherwise` is done. */
export function copies(control, text, otherwise = () => {}) {
  control.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(await text());
    } catch {
      return otherwise();
    }
    const label = control.textContent;
    control.textContent = "Copied";
    setTimeout(() => { control.textContent = label; }, 1500);
  });
}
