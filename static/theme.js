// Light or dark, as somebody chose: read before anything is painted. And whether there is a script at all, so that what
// needs one stands in its place from the first.
"use strict";

{
  const page = document.documentElement;
  const KEY = "minutebook-theme";
  const kept = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // Storage may be forbidden: then the system decides.
      return null;
    }
  };
  const show = () => {
    const theme = kept();
    if (theme === "light" || theme === "dark") page.dataset.theme = theme;
    else delete page.dataset.theme;
    const choice = document.getElementById("theme");
    if (choice) choice.value = page.dataset.theme ?? "";
  };

  page.dataset.script = "";
  // Where the key that is held is another.
  if (/mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform)) page.dataset.apple = "";
  show();
  document.addEventListener("DOMContentLoaded", show);
  // Another tab chose.
  addEventListener("storage", show);
  document.addEventListener("change", (event) => {
    if (event.target.id !== "theme") return;
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {
      return;
    }
    show();
  });
}
