import { initAll } from "./vendor/nhsuk-frontend.min.js";

initAll();

const about = document.body.dataset.about;

// A fragment must name the person this page is about. One about someone else, the end of a session, a refusal or an
// error does not: then the whole page is loaded instead, and says what happened.
document.addEventListener("htmx:before:swap", (event) => {
  const { text, response, request } = event.detail.ctx;
  const sent = new DOMParser().parseFromString(text, "text/html").querySelector("body > [data-about]");
  if (response.status === 200 && (!about || sent?.dataset.about === about)) return;
  event.preventDefault();
  // what only takes a form has no page of its own: then it is this page, as it stands now
  const asked = request.method.toUpperCase() === "GET" ? request.action : window.location.href;
  window.location.assign(response.raw.redirected ? response.raw.url : asked);
});

// After a swap the reader goes on from the new part's heading, without a jump.
document.addEventListener("htmx:after:swap", (event) => {
  const part = event.detail.ctx.target;
  document.getElementById(part?.id)?.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
});

// Paper shows everything: what is folded opens for printing, and closes again.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) folded.dataset.folded = folded.open = true;
});
window.addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-folded]")) opened.open = false;
});

// "/" goes to the search box, as people who search all day expect.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const words = document.getElementById("words");
  if (!words) return;
  event.preventDefault();
  words.focus();
});
