// Copying, printing and local times. Every page works without this file.
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

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    say(button, "Copied");
  } catch {
    mark(source);
    say(button, "Selected, now copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// The reader's own clock beside UTC, where the two differ.
for (const time of document.querySelectorAll("time")) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime()) || moment.getTimezoneOffset() === 0) continue;
  const local = document.createElement("small");
  const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  local.textContent = new Intl.DateTimeFormat("en-GB", shape).format(moment) + " your time";
  time.after(local);
}
