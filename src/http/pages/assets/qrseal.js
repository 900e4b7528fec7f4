// Copying, saving, printing, local times, and on the start page the style as it is chosen. Every page works without this file.
"use strict";

function say(button, words) {
  const before = button.dataset.words || (button.dataset.words = button.textContent);
  button.textContent = words;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = before; }, 2000);
}

// Where the clipboard is closed to us (a page without HTTPS), the text is marked, ready to be copied by hand.
function mark(source) {
  const details = source.closest("details");
  if (details) details.open = true;
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

// What was written, without the buttons in it.
function written(source) {
  const copy = source.cloneNode(true);
  for (const button of copy.querySelectorAll(".button")) button.remove();
  return copy.textContent;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(written(source));
    say(button, button.dataset.copied);
  } catch {
    mark(source);
    say(button, button.dataset.selected);
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button));
}

// A file of its own: what is in the address itself opens as a page on some phones.
for (const link of document.querySelectorAll("[data-file]")) {
  const [head, body] = link.href.split(",");
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  link.href = URL.createObjectURL(new Blob([bytes], { type: head.slice(5).split(";")[0] }));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Times in the reader's own zone and language, where that is another clock. What a document says with an offset of its own
// is the time of a place: it stays, and the reader's own stands below.
const language = document.documentElement.lang;
for (const time of document.querySelectorAll("time")) {
  const written = time.dateTime;
  const zone = /[T ]\d\d:.*?(Z|[+-]\d\d:\d\d)$/i.exec(written);
  const moment = new Date(written.replace(" ", "T"));
  if (!zone || Number.isNaN(moment.getTime())) continue;
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone[1]) ?? ["", "+", 0, 0];
  if (-moment.getTimezoneOffset() === Number(`${sign}1`) * (60 * hours + 1 * minutes)) continue;
  const shape = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const words = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, shape).format(moment);
  if (zone[1].toUpperCase() === "Z") {
    time.title = time.textContent;
    time.textContent = words;
  } else {
    const own = document.createElement("small");
    own.textContent = words;
    time.after(own);
  }
}

// A logo that is too large is said before it is sent.
const logo = document.getElementById("logo");
logo?.addEventListener("change", () => {
  const bytes = logo.files[0]?.size ?? 0;
  const most = Number(logo.dataset.most);
  logo.setCustomValidity(bytes > most ? `The logo has ${Math.ceil(bytes / 1024)} KiB, and may have ${Math.floor(most / 1024)} KiB.` : "");
  logo.reportValidity();
});

// The style while it is chosen, on a code of no meaning. A logo is shown by the button, which sends it.
const preview = document.getElementById("preview");
const form = preview?.closest("form");
const hint = (name) => document.querySelector(`[data-preview=${name}]`);
function showStyle() {
  const query = new URLSearchParams({ data: `${location.origin}/${"0".repeat(120)}`, format: "svg" });
  for (const name of ["module_shape", "finder_shape", "dark", "light", "caption", "ecl"]) {
    if (form.elements[name].value) query.set(name, form.elements[name].value);
  }
  if (form.elements.transparent.checked) query.set("light", "transparent");
  preview.src = `${preview.dataset.address}?${query}`;
}
preview?.addEventListener("load", () => {
  preview.hidden = false;
  hint("refused").hidden = true;
});
preview?.addEventListener("error", () => {
  preview.hidden = true;
  hint("refused").hidden = false;
});
preview?.closest("details").addEventListener("input", (event) => {
  hint("logo").hidden = !logo.files.length && !form.elements.kept_logo;
  if (event.target === logo) return;
  clearTimeout(preview.timer);
  preview.timer = setTimeout(showStyle, 300);
});
