// What is typed is kept as it grows, and when one leaves: sealed, for whoever types it alone. Files are not sent.
const form = document.querySelector("form[data-draft]");
const said = document.getElementById("draft-said");
const WAITS = 2000;
let waiting, last;

function typed() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields;
}

async function keep() {
  clearTimeout(waiting);
  const fields = typed();
  if (fields.toString() === last) return;
  last = fields.toString();
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.dataset.draft, { method: "POST", body: fields, headers, keepalive: true, redirect: "manual" });
    if (answer.ok) said.textContent = (await answer.json()).words;
    else {
      last = "";
      said.textContent = answer.type === "opaqueredirect"
        ? "You are signed out. What you typed is kept: sign in in another tab, then go on."
        : "This is not kept: you may not write here any more. Copy it before you leave.";
    }
  } catch {
    last = "";
    said.textContent = "No connection: what you typed is on this page only, until it comes back.";
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, WAITS);
});
form?.addEventListener("submit", () => {
  clearTimeout(waiting);
  last = typed().toString();
});
document.addEventListener("visibilitychange", () => {
  if (form && last !== undefined && document.visibilityState === "hidden") keep();
});
if (form) last = typed().toString();
