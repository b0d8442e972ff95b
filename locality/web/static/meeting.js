// The screen of a meeting: keys for whoever runs it, and whole minutes that go on quietly. All of it works without.

const KEPT = "meeting-keys";
const switchOfKeys = document.getElementById("keys-on");
const form = document.getElementById("write");

if (switchOfKeys) {
  switchOfKeys.checked = window.localStorage.getItem(KEPT) !== "off";
  switchOfKeys.addEventListener("change", () => window.localStorage.setItem(KEPT, switchOfKeys.checked ? "on" : "off"));
}

const isTyping = (on) => Boolean(on?.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]"));

const targetOf = (key) => {
  if (key === "d") return form?.querySelector("[name=decision]:checked") ?? form?.querySelector("[name=decision]");
  return [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && form?.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=do]"));
    return;
  }
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (!switchOfKeys?.checked || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const target = targetOf(event.key);
  if (!target) return;
  event.preventDefault();
  if (target.matches("button, summary")) target.click();
  if (!target.matches("button")) target.focus();
  target.scrollIntoView({ block: "nearest" });
});

const minutes = (count) => `${count} minute${count === 1 ? "" : "s"}`;
const since = performance.now();
const gone = document.querySelector("[data-gone]");
const of = document.querySelector("[data-this]");

setInterval(() => {
  const more = Math.floor((performance.now() - since) / 60000);
  if (gone) {
    const now = Number(gone.dataset.gone) + more;
    const left = Number(gone.dataset.length) - now;
    gone.textContent = `${minutes(now)} gone, ${left >= 0 ? `${minutes(left)} left` : `${minutes(-left)} over`}`;
  }
  if (of) of.textContent = `${Number(of.dataset.this) + more} of ${minutes(Number(of.dataset.for))} for this person`;
}, 20000);
