// The desk: reads codes by the camera, or what a scanner types, and shows what the server says. Nothing leaves the device but the
// token. The page works without this file.
import { decodeQR } from "qr/decode.js";

const form = document.getElementById("scan");
const words = {};
for (const word of document.querySelectorAll("#words li")) words[word.dataset.name] = word.textContent;
const language = document.documentElement.lang;

// The top row of a French keyboard, as a scanner types digits on it that thinks it is another.
const AZERTY = { "&": "1", "\u00e9": "2", "\"": "3", "'": "4", "(": "5", "-": "6", "\u00e8": "7", "_": "8", "\u00e7": "9", "\u00e0": "0" };

// Of what was typed: a link or a token as it is, or, if a foreign keyboard layout made something else of it, the last run of digits.
function tokenOf(text) {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9_-]{20,}$/.test(trimmed)) return trimmed;
  const runs = trimmed.match(/[0-9]{20,}/g);
  if (runs) return runs[runs.length - 1];
  const typed = Array.from(trimmed, (letter) => AZERTY[letter] || letter).join("");
  const again = typed.match(/[0-9]{20,}/g);
  return again ? again[again.length - 1] : trimmed;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function part(name, text, kind) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

// Every time of the page is in the phone's zone and says so.
const shape = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, shape);
const time = (at) => clock.format(new Date(at));
for (const shown of document.querySelectorAll("time")) {
  shown.title = shown.textContent;
  shown.textContent = time(shown.dateTime);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

function feel(good) {
  if (navigator.vibrate) navigator.vibrate(good ? 80 : [120, 80, 120]);
  try {
    sound = sound || new AudioContext();
    const tone = sound.createOscillator();
    tone.frequency.value = good ? 880 : 220;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + (good ? 0.12 : 0.35));
  } catch { /* A device without sound. */ }
}
let sound;

const verdict = document.getElementById("verdict");

let ages;

// What is printed for whoever was let in. Its sheet takes all else off the paper.
const badge = document.getElementById("badge");
let sheet = document.getElementById("badge-sheet");

function putAway() {
  if (sheet) sheet.remove();
  sheet = undefined;
  badge.hidden = true;
  badge.replaceChildren();
}

function offer(shown, atOnce) {
  badge.replaceChildren(...shown.lines.map((line) => {
    const row = part("p", line);
    row.dir = "auto";
    return row;
  }));
  badge.hidden = false;
  sheet = part("link");
  sheet.rel = "stylesheet";
  sheet.media = "print";
  sheet.href = `${badge.dataset.style}${shown.width_mm}x${shown.height_mm}.css`;
  if (atOnce) sheet.addEventListener("load", () => print(), { once: true });
  document.head.append(sheet);
  const again = part("button", words.badge_again);
  again.type = "button";
  again.addEventListener("click", () => print());
  return again;
}

function clear() {
  putAway();
  verdict.hidden = true;
  verdict.className = "verdict";
  verdict.replaceChildren();
}

function show(code, good, answer) {
  const parts = [part("p", good ? "\u2713" : "\u2715", "sign")];
  parts[0].setAttribute("aria-hidden", "true");
  const title = words[code] || words.not_checked;
  parts.push(part("h2", answer.people > 1 ? `${title} \u00b7 ${answer.people}` : title));
  if (code === "already_redeemed" && answer.entered_at) {
    parts.push(part("p", [`${words.since} ${time(answer.entered_at)}`, answer.gate].filter(Boolean).join(", ")));
    if (answer.made_by) {
      const [, pass] = /^pass:(.+)$/.exec(answer.made_by) || [];
      const by = part("p", `${words.by}: `);
      by.append(part("bdi", answer.made_by_name || (pass ? `${words.pass} ${pass}` : answer.made_by)));
      parts.push(by);
    }
  }
  if (answer.no_entry) parts.push(part("p", words.no_entry));
  if (code === "unreachable") parts.push(part("p", words.unreachable));
  const fields = part("dl", undefined, "fit");
  for (const field of answer.display ? answer.display.fields : []) {
    const row = part("div");
    const name = part("dt", field.label);
    const value = part("dd", field.value, field.emphasis ? "strong" : "");
    name.dir = "auto";
    value.dir = "auto";
    row.append(name, value);
    fields.append(row);
  }
  parts.push(fields);
  putAway();
  if (answer.badge && answer.badge.lines.length) parts.push(offer(answer.badge, code === "let_in"));
  verdict.className = `verdict ${good ? "good" : "bad"}`;
  verdict.replaceChildren(...parts);
  verdict.hidden = false;
  clearTimeout(ages);
  ages = setTimeout(() => verdict.classList.add("past"), 4000);
  verdict.scrollIntoView({ block: "start" });
  if (answer.inside !== undefined && answer.inside !== null) {
    const inside = document.getElementById("inside");
    if (inside) inside.textContent = answer.inside;
  }
  feel(good);
}

function remember(code, id, undo) {
  const scans = document.getElementById("scans");
  scans.closest("section").hidden = false;
  const row = part("li");
  const now = new Date();
  const when = part("time", time(now));
  when.dateTime = now.toISOString();
  when.id = `at-${id}`;
  row.append(part("span", words[code] || words.not_checked), " ", when);
  if (undo) {
    const button = part("button", words.undo);
    button.type = "button";
    button.setAttribute("aria-describedby", when.id);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const answer = await fetch(`${form.dataset.api}/${id}`, { method: "DELETE" });
        if (answer.ok) {
          button.remove();
          row.firstChild.textContent = words.undone;
          // The same code is another scan now.
          last = { token: "", at: 0, id: "" };
          clear();
        } else button.disabled = false;
      } catch { button.disabled = false; }
    });
    row.append(" ", button);
  }
  scans.prepend(row);
  while (scans.children.length > 10) scans.lastChild.remove();
}

// The same code within five seconds is the same scan.
let last = { token: "", at: 0, id: "" };
let number = 0;
// The request that has no answer yet.
let waiting = "";

async function check(token) {
  const now = Date.now();
  const kind = new FormData(form).get("kind") || "entry";
  const pin = form.elements.pin.value;
  const again = last.token === token && last.kind === kind && last.pin === pin;
  // Its answer is on the way, however long that takes; asked again it would be one that says nothing, or another scan.
  if (again && waiting === last.id) return;
  const same = again && now - last.at < 5000;
  last = { token, kind, pin, at: same ? last.at : now, id: same ? last.id : newId() };
  const asked = { ...last };
  const turn = ++number;
  // No old verdict stands for a new code.
  if (!same) clear();
  const body = { token, list: form.elements.list.value, kind, check_in_id: asked.id };
  if (form.elements.gate.value) body.gate = form.elements.gate.value;
  if (pin) body.pin = pin;
  waiting = asked.id;
  for (let patience = 500; turn === number; patience = Math.min(patience * 2, 8000)) {
    let answer;
    let before;
    try {
      const answered = await fetch(form.dataset.api, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", "accept-language": language },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(8000),
      });
      answer = await answered.json();
      before = same && answered.headers.get("idempotent-replayed") === "true";
      if (answered.status === 503) throw new Error("not now");
    } catch {
      // The same request again counts once.
      if (turn !== number) return;
      show("unreachable", false, {});
      await new Promise((resolve) => { setTimeout(resolve, patience); });
      continue;
    }
    if (turn !== number) return;
    waiting = "";
    // Whoever comes next with the same code sees no new verdict, and hears nothing.
    if (before) {
      form.elements.token.value = "";
      return;
    }
    const code = answer.outcome || answer.code;
    const good = code === "let_in" || code === "let_out";
    show(code, good, answer);
    const takesPin = code === "open_required" || code === "pin_incorrect";
    document.getElementById("pin-field").hidden = !takesPin;
    form.elements.pin.value = "";
    if (takesPin) {
      form.elements.token.value = token;
      form.elements.pin.focus();
      last.at = code === "pin_incorrect" ? 0 : last.at;
    } else {
      form.elements.token.value = "";
      if (!document.getElementById("video").srcObject) form.elements.token.focus();
    }
    remember(code, asked.id, good);
    return;
  }
}

// The camera.
const video = document.getElementById("video");
const says = document.getElementById("camera-says");
const canvas = document.createElement("canvas");
let stream;
let wanted = false;
let seen = { text: "", at: 0 };

function look() {
  if (!stream) return;
  if (video.readyState >= 2 && video.videoWidth) {
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    const image = drawing.getImageData(0, 0, canvas.width, canvas.height);
    let text;
    try { text = decodeQR(image); } catch { /* No code in this picture. */ }
    const now = Date.now();
    if (text) {
      // One that stays before the camera is scanned once.
      if (text !== seen.text || now - seen.at > 3000) check(tokenOf(text));
      seen = { text, at: now };
    }
  }
  setTimeout(look, 60);
}

async function start() {
  wanted = true;
  says.textContent = "";
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch {
    wanted = false;
    says.textContent = words.camera_denied;
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  document.getElementById("start").textContent = words.camera_off;
  const [track] = stream.getVideoTracks();
  const light = document.getElementById("light");
  light.hidden = !(track.getCapabilities && track.getCapabilities().torch);
  light.onclick = async () => {
    const on = light.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    light.setAttribute("aria-pressed", String(on));
  };
  try { await navigator.wakeLock.request("screen"); } catch { /* The screen may go dark. */ }
  look();
}

function stop() {
  for (const track of stream ? stream.getTracks() : []) track.stop();
  stream = undefined;
  video.srcObject = null;
  video.hidden = true;
  document.getElementById("light").hidden = true;
  document.getElementById("start").textContent = words.camera_on;
}

if (form) {
  document.getElementById("camera").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const token = tokenOf(form.elements.token.value);
    if (token) check(token);
  });
  const button = document.getElementById("start");
  if (!window.isSecureContext || !navigator.mediaDevices) {
    button.hidden = true;
    says.textContent = words.camera_https;
  }
  button.addEventListener("click", () => {
    if (stream) {
      wanted = false;
      stop();
    } else start();
  });
  // After a lock the camera goes on.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) stop();
    else if (!document.hidden && wanted && !stream) start();
  });
}
