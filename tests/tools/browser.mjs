// Looks at qrseal's pages in Debian's Chromium as a person would: phone, desktop, dark mode, without script.
//
//   node browser.mjs serve JOB
//   node browser.mjs AREA JOB
//
// `serve` starts Chromium, prints the address at which the areas find it, and ends it when standard input ends. AREA is one of
// those at the end of this file; JOB is JSON: {tools: where node_modules is, browser: what `serve` printed, base: the server's
// address, output: where screenshots go, ...}. Prints a line for each check and exits with 1 if one failed, 2 if it could not
// begin.

import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const CHROMIUM = '/usr/bin/chromium';
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };

const [, , area, jobText] = process.argv;
const job = JSON.parse(jobText);
const require = createRequire(join(job.tools, 'node', 'package.json'));
const output = (name) => join(job.output, name);

// ---- checks ----

let failures = 0;

/** Runs one check and says how it went; the others go on. */
async function check(name, body) {
  try {
    await body();
    console.log(`ok      ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${name}\n        ${String(error.message ?? error).replaceAll('\n', '\n        ')}`);
    if (!(error instanceof assert.AssertionError)) console.log(error.stack);
  }
}

/** A page of its own in a browser context of its own; collects what must not happen, and fails if it did. `asks`: a path that its
 * script asks, and may be refused by. */
async function visit(browser, { viewport = PHONE, dark = false, script = true, locale = 'en-GB', zone = 'UTC', large = false, path, expectStatus = 200, laterStatus, asks }, body) {
  const context = await browser.newContext({
    viewport,
    locale,
    timezoneId: zone,
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: script,
    isMobile: viewport === PHONE,
    hasTouch: viewport === PHONE,
    deviceScaleFactor: viewport === PHONE ? 2 : 1,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const trouble = [];
  const address = path.startsWith('http') ? path : job.base + path;
  page.on('console', (message) => {
    // Chromium reports an error status of the page itself as an error, which the check may expect.
    const expected = [expectStatus, laterStatus].some((status) => message.text().includes(`status of ${status} `));
    const ours = [page.url(), asks && job.base + asks].includes(message.location().url);
    if (['error', 'warning'].includes(message.type()) && !(expected && ours)) {
      trouble.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => trouble.push(`script error: ${error}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(job.base + '/') && !url.startsWith('data:') && !url.startsWith('blob:')) {
      trouble.push(`request to another place: ${url}`);
    }
  });
  page.on('requestfailed', (request) => {
    // A download is taken out of the page's hands, which Chromium calls aborted.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') {
      trouble.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
    }
  });
  try {
    const response = await page.goto(address, { waitUntil: 'load' });
    assert.equal(response.status(), expectStatus, `status of ${path.slice(0, 60)}`);
    assert.match(response.headers()['content-type'], /^text\/html/);
    await body(page, response);
    assert.deepEqual(trouble, [], 'nothing is reported by the browser');
  } finally {
    await context.close();
  }
}

/** No sideways scrolling: neither the page nor any part of it, and nothing sticks out. */
async function fitsItsWidth(page, { commands = false, tables = false } = {}) {
  const wide = await page.evaluate(({ commands, tables }) => {
    const root = document.documentElement;
    const found = [];
    if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth} > ${root.clientWidth}`);
    for (const element of document.body.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (style.display === 'none' || box.width === 0 || box.height === 0) continue;
      // What is shown to screen readers only is one clipped pixel.
      if (box.width <= 1 || style.clipPath !== 'none') continue;
      const name = `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 30)}"`;
      // A command to be copied may be longer than the screen is wide.
      if (element.tagName === 'TEXTAREA' || (commands && element.closest('pre'))) continue;
      // A table of numbers has rows and columns, whatever its text's size: it scrolls in a place of its own.
      if (tables && element.closest('.wide-table')) continue;
      const scrolls = ['auto', 'scroll'].includes(style.overflowX);
      if (scrolls && element.scrollWidth > element.clientWidth) found.push(`${name} scrolls sideways`);
      if (box.right > root.clientWidth + 1 || box.left < -1) found.push(`${name} sticks out: ${box.left} to ${box.right}`);
    }
    return found.slice(0, 5);
  }, { commands, tables });
  assert.deepEqual(wide, [], 'nothing is wider than the screen');
}

/** Text at twice its size, as a reader with weak eyes sets it. */
const enlarge = (page) => page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));

/** The page with its text at twice its size fits, too; afterwards it is as before. `picture`: where it is kept; `console`: words
 * may break in the narrow cells of its tables, and a table of numbers and a command be wider than the screen. */
async function fitsEnlarged(page, picture, { console = false } = {}) {
  await enlarge(page);
  await page.screenshot({ path: output(picture), fullPage: true });
  await fitsItsWidth(page, { commands: console, tables: console });
  if (!console) await wordsStayWhole(page);
  await page.evaluate(() => void document.documentElement.style.removeProperty('font-size'));
}

/** No word of up to 12 letters is broken over lines: labels, headings and buttons keep room for their words. */
async function wordsStayWhole(page) {
  const broken = await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest('pre, code, textarea, svg, [hidden], [aria-hidden="true"]') || !node.parentElement.checkVisibility()) continue;
      for (const { 0: word, index } of node.data.matchAll(/(?<=^|\s)\p{L}{2,12}(?=[\s.,;:!?]|$)/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) found.push(word);
      }
    }
    return found.slice(0, 5);
  });
  assert.deepEqual(broken, [], 'no short word is broken');
}

/** Text and background of the page's body are light on dark, or dark on light. */
async function isDark(page) {
  const [text, background] = await page.evaluate(() => {
    const luminance = (colour) => {
      // Drawn, so that every notation of a colour is understood.
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const body = getComputedStyle(document.body);
    const root = getComputedStyle(document.documentElement);
    const clear = (colour) => colour === 'transparent' || colour.endsWith(', 0)');
    return [luminance(body.color), luminance(clear(body.backgroundColor) ? root.backgroundColor : body.backgroundColor)];
  });
  return text > background;
}

/** The rules of WCAG 2.2 A and AA that a program can judge: contrast, labels, names, headings, language ... */
async function isAccessible(page) {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 120)} ${nodes[0].failureSummary}`);
  assert.deepEqual(said, [], 'no accessibility rule is broken');
}

const shownText = (page) => page.evaluate(() => document.body.innerText);

/** Seals a document and returns {link, body}: the path of the link, and the document as it must come back. */
async function seal(document) {
  const response = await fetch(`${job.base}/api/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"payload":${document}}`,
  });
  assert.equal(response.status, 201, await response.clone().text());
  const { link } = await response.json();
  assert.ok(link.toLowerCase().startsWith(job.base + '/'), link);
  return link.slice(job.base.length);
}

async function downloaded(page, action) {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), name: download.suggestedFilename() };
}

/** The text of the one QR symbol in a picture, by two decoders that are not ours. */
function scan(bytes, name) {
  const file = output(name);
  writeFileSync(file, bytes);
  const { execFileSync } = require('node:child_process');
  const [{ zbar, zxing }] = JSON.parse(execFileSync(job.python, [job.scan, file], { encoding: 'utf8' }));
  assert.equal(zbar, zxing, 'zbar and ZXing read the same');
  return zxing;
}

// ---- documents ----

const lineItems = Array.from({ length: 12 }, (_, i) => ({
  position: i + 1,
  description: `Replacement filter cartridge, type ${i + 1}-B`,
  quantity: 2,
  unit_price: 19.9,
  vat_rate: '19 %',
  total: 39.8,
}));

/** Documents by name; `shows` are texts that the page must hold as they are. */
const DOCUMENTS = {
  invoice: {
    text: `{"id":"INV-2026-0042","issued":"2026-11-20","due":"2026-12-20","customer":{"name":"Ada Lovelace","address":{"street":"12 St James's Square","city":"London"}},"currency":"EUR","lineItems":${JSON.stringify(
      lineItems.slice(0, 4),
    )},"amount":1234.50,"paid":false,"note":null}`,
    shows: ['INV-2026-0042', 'Ada Lovelace', '1234.50', 'London', '19.9'],
  },
  table: {
    text: JSON.stringify({ order: 'A-7', rows: lineItems }),
    shows: ['A-7', 'Replacement filter cartridge, type 12-B', '39.8'],
  },
  'right-to-left': {
    text: '{"الاسم":"ليلى بنت أحمد","العنوان":"شارع الملك فهد 12، الرياض","שם":"רחל כהן","המחיר":"‏120 ₪","note":"Paid by ليلى (VIP)"}',
    shows: ['ليلى بنت أحمد', 'רחל כהן', 'الاسم'],
  },
  'both-ways': {
    text: '{"rows":[{"name":"Tea","place":"Lyon","note":"شارع الملك فهد"},{"name":"شاي","place":"الرياض","note":"late"}]}',
    shows: ['Lyon', 'شارع الملك فهد'],
  },
  'east-asian': {
    text: '{"請求書番号":"第2026-0042号","金額":"12,345円","摘要":"交換用フィルターカートリッジ一式、送料込み","이름":"김민수"}',
    shows: ['第2026-0042号', '交換用フィルターカートリッジ一式、送料込み', '김민수'],
  },
  'long-words': {
    text: JSON.stringify({
      fingerprint: 'f'.repeat(400),
      [`member_${'n'.repeat(150)}`]: 'short',
      url: `https://example.com/${'path/'.repeat(40)}?q=${'z'.repeat(100)}`,
      number: 1,
    }).replace('"number":1', `"number":${'1234567890'.repeat(12)}`),
    shows: ['f'.repeat(400), '1234567890'.repeat(12), `https://example.com/${'path/'.repeat(40)}`],
  },
  'deep-32': {
    text: `${'{"level":'.repeat(31)}["the bottom"]${'}'.repeat(31)}`,
    shows: ['the bottom'],
  },
  'deep-arrays-32': {
    text: `${'['.repeat(32)}"the bottom",2${']'.repeat(32)}`,
    shows: ['the bottom'],
  },
  '60-kib': {
    text: JSON.stringify({
      title: 'Long',
      text: 'All work and no play makes a long document. '.repeat(1250),
      list: Array(100).fill('All work and no play makes a long list.'),
      end: 'the last line',
    }),
    shows: ['the last line', 'All work and no play makes a long document. '.repeat(3).trim()],
  },
  scalar: { text: '"just a sentence, no object around it"', shows: ['just a sentence, no object around it'] },
  number: { text: '1e400', shows: ['1e400'] },
  empty: { text: '{}', shows: [] },
  'empty-values': { text: '{"a":"","b":[],"c":{},"":"no name","d":null,"e":[[],{}]}', shows: ['no name'] },
  hostile: {
    text: JSON.stringify({
      '<b>name</b>': '<script>window.hacked = 1; alert(1)</script>',
      image: '<img src=x onerror="window.hacked=2">',
      close: '</dd></dl></main></body><h1>Injected</h1><style>*{display:none}</style>',
      link: 'javascript:window.hacked=3',
      quote: '" onmouseover="window.hacked=4" x="',
      template: '{{ 7 * 7 }} {% if x %} ${7*7}',
      control: 'a\u0000b\u0007c\u001b[31md\u007fe\u0085f',
      bidi: 'invoice\u202Egnp.exe\u202C and \u2066isolated',
      zalgo: 'Z̸̧͎̈́a̶̛̹l̵̰̈́g̷̝̈o',
      entity: '&lt;b&gt; &amp; &#x41;',
    }),
    shows: [
      '<b>name</b>',
      '<script>window.hacked = 1; alert(1)</script>',
      '<img src=x onerror="window.hacked=2">',
      '{{ 7 * 7 }}',
      '&lt;b&gt; &amp; &#x41;',
    ],
  },
};

// ---- areas ----

async function tokenPages(browser) {
  for (const [name, { text, shows }] of Object.entries(DOCUMENTS)) {
    const path = await seal(text);
    await inEveryMode(browser, name, path, shows);
  }

  const path = await seal(DOCUMENTS.invoice.text);
  await check('token page, headers of the answer', () =>
    visit(browser, { path }, async (page, response) => {
      const headers = response.headers();
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(headers['content-security-policy'], /default-src 'none'/);
      assert.doesNotMatch(headers['content-security-policy'], /unsafe-inline|unsafe-eval/);
    }),
  );
  for (const script of [true, false]) {
    await check(`token page, the document can be downloaded ${script ? 'with' : 'without'} script`, () =>
      visit(browser, { path, script }, async (page) => {
        const { bytes, name } = await downloaded(page, () => page.getByRole('link', { name: /download|json/i }).first().click());
        assert.equal(bytes.toString('utf8'), DOCUMENTS.invoice.text);
        assert.match(name, /\.json$/);
      }),
    );
  }
  await check('token page, says who issued it and when', () =>
    visit(browser, { path }, async (page) => {
      const shown = await shownText(page);
      assert.ok(shown.includes(new URL(job.base).host), shown);
      const times = await page.locator('.issue time[datetime]').evaluateAll((list) => list.map((time) => time.dateTime));
      assert.ok(times.length >= 1, 'there is a time');
      for (const time of times) assert.ok(Math.abs(Date.parse(time) - Date.now()) < 20 * 60 * 1000, time);
    }),
  );
  await check('token page, a document with an expiry says until when', async () => {
    const response = await fetch(`${job.base}/api/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"payload":{"seat":"12C"},"expires_in":86400}',
    });
    const { link, expires_at } = await response.json();
    await visit(browser, { path: link.slice(job.base.length) }, async (page) => {
      const times = await page.locator('time[datetime]').evaluateAll((list) => list.map((time) => Date.parse(time.dateTime)));
      assert.ok(times.includes(Date.parse(expires_at)), `${times} holds ${expires_at}`);
    });
  });
  await check('token page, on paper it is one page and carries its own QR code', () =>
    visit(browser, { path, dark: true, viewport: DESKTOP }, async (page) => {
      const code = page.locator('.paper svg');
      assert.equal(await code.isVisible(), false, 'the screen needs no QR code');
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await isDark(page), false, 'paper is light');
      await page.screenshot({ path: output('token-invoice-print.png'), fullPage: true });
      const box = await code.boundingBox();
      assert.ok(box.width > 70 && box.width < 120, `small, and not too small: ${box.width} px`);
      // As a camera comes close to it.
      await code.evaluate((svg) => void (svg.style.width = svg.style.height = '600px'));
      const link = scan(await code.screenshot(), 'token-invoice-print-code.png');
      await code.evaluate((svg) => void (svg.style.width = svg.style.height = ''));
      assert.equal(link.toLowerCase(), `${job.base}${path}`.toLowerCase());
      const pdf = await page.pdf({ format: 'A4', path: output('token-invoice.pdf') });
      assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'pages of paper');
      for (const words of DOCUMENTS.invoice.shows) assert.ok((await shownText(page)).includes(words), words);
    }),
  );
  await check('token page, in German and in the zone of the reader', () =>
    visit(browser, { path, locale: 'de-AT', zone: 'Europe/Vienna' }, async (page, response) => {
      await page.screenshot({ path: output('token-invoice-german.png'), fullPage: true });
      assert.equal(response.headers()['content-language'], 'de');
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
      const shown = await shownText(page);
      for (const words of ['Versiegeltes Dokument von', '20. November 2026', '1234.50 EUR', 'nein']) assert.ok(shown.includes(words), `${words} in ${shown}`);
      assert.match(await page.locator('.issue time').first().innerText(), /\d{2}:\d{2} ME[SZ]?Z/);
      await fitsItsWidth(page);
      await isAccessible(page);
      await enlarge(page);
      await page.screenshot({ path: output('token-invoice-german-large.png'), fullPage: true });
      await fitsItsWidth(page);
      await wordsStayWhole(page);
    }),
  );
  await check('token page, times keep the zone of their place, and the reader’s own stands below', async () => {
    const timed = await seal('{"doors":"2026-11-20T19:30:00-05:00","sent":"2026-11-20T13:05:00Z","wall":"2026-11-20T13:05"}');
    await visit(browser, { path: timed, zone: 'Europe/Berlin' }, async (page) => {
      await page.screenshot({ path: output('token-times.png'), fullPage: true });
      const shown = await shownText(page);
      for (const words of ['20 November 2026, 19:30 UTC-05:00', '21 November 2026', '20 November 2026 at 14:05 CET', '20 November 2026, 13:05'])
        assert.ok(shown.includes(words), `${words} in ${shown}`);
    });
  });
  await check('token page, labels of a table stand on one side, whichever way values are read', async () => {
    await visit(browser, { path: await seal(DOCUMENTS['both-ways'].text) }, async (page) => {
      const sides = await page.locator('.doc td[data-label]').evaluateAll((cells) =>
        cells.map((cell) => [getComputedStyle(cell).direction, getComputedStyle(cell.firstElementChild).direction].join()),
      );
      assert.deepEqual(sides, ['ltr,ltr', 'ltr,rtl', 'ltr,rtl', 'ltr,ltr']);
    });
  });
  await check('token page, right-to-left text reads from the right', async () => {
    const rtl = await seal(DOCUMENTS['right-to-left'].text);
    await visit(browser, { path: rtl }, async (page) => {
      const directions = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = {};
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const text = node.data.trim();
          // The JSON text itself is code, and reads from the left.
          if (!/[\u0590-\u06ff]/.test(text) || node.parentElement.closest('pre')) continue;
          const style = getComputedStyle(node.parentElement);
          // The first letter decides (Unicode Bidirectional Algorithm, P2).
          const wanted = /[\u0590-\u06ff]/.test(text.match(/\p{L}/u)[0]) ? 'rtl' : 'ltr';
          found[text] = style.direction === wanted || style.unicodeBidi.includes('plaintext');
        }
        return found;
      });
      assert.ok(Object.keys(directions).length >= 8, JSON.stringify(directions));
      assert.deepEqual(Object.entries(directions).filter(([, right]) => !right), []);
    });
  });
  await check('token page, hostile text stays text', async () => {
    const hostile = await seal(DOCUMENTS.hostile.text);
    await visit(browser, { path: hostile }, async (page) => {
      await page.mouse.move(180, 400);
      const found = await page.evaluate(() => ({
        hacked: typeof window.hacked,
        inline: [...document.scripts].filter((script) => !script.src).length,
        broken: document.querySelectorAll('img[src="x"], b').length,
        injected: [...document.querySelectorAll('h1')].filter((h) => h.textContent === 'Injected').length,
        handlers: document.querySelectorAll('[onmouseover], [onerror]').length,
        javascript: document.querySelectorAll('[href^="javascript:" i]').length,
      }));
      assert.deepEqual(found, { hacked: 'undefined', inline: 0, broken: 0, injected: 0, handlers: 0, javascript: 0 });
    });
  });
  await check('token page, a link in a document is shown whole before it can be followed', async () => {
    const url = 'https://example.com/track?parcel=1Z999AA10123456784&lang=en';
    const linked = await seal(JSON.stringify({ url }));
    await visit(browser, { path: linked }, async (page) => {
      assert.ok((await shownText(page)).includes(url));
      const link = page.getByRole('link', { name: 'Open example.com' });
      assert.equal(await link.count(), 0, 'nothing to be tapped by accident');
      await page.getByText(url).first().click();
      await page.screenshot({ path: output('token-link.png'), fullPage: true });
      assert.equal(await link.getAttribute('href'), url);
      assert.match(await link.getAttribute('rel'), /noreferrer/);
      await isAccessible(page);
    });
  });
}

/** One token page on a phone, light and dark and without script, and on a desktop. */
async function inEveryMode(browser, name, path, shows) {
  for (const [mode, options] of Object.entries({
    light: {},
    dark: { dark: true },
    'no-script': { script: false },
    desktop: { viewport: DESKTOP },
    large: { large: true },
  })) {
    await check(`token page, ${name}, ${mode}`, () =>
      visit(browser, { path, ...options }, async (page) => {
        if (options.large) await enlarge(page);
        await page.screenshot({ path: output(`token-${name}-${mode}.png`), fullPage: name !== '60-kib' });
        await fitsItsWidth(page);
        if (options.large) await wordsStayWhole(page);
        const shown = await shownText(page);
        for (const words of shows) assert.ok(shown.includes(words), `the page shows ${words.slice(0, 60)}\n${shown.slice(0, 2000)}`);
        if (options.script !== false) {
          assert.equal(await isDark(page), options.dark === true, 'dark as asked for');
          await isAccessible(page);
        }
        assert.ok((await page.title()).length > 0, 'the page has a title');
      }),
    );
  }
}

async function deadEnds(browser) {
  for (const [name, { path, status, words }] of Object.entries(job.dead_ends)) {
    for (const [mode, options] of Object.entries({ light: {}, dark: { dark: true }, 'no-script': { script: false } })) {
      await check(`dead end, ${name}, ${mode}`, () =>
        visit(browser, { path, expectStatus: status, ...options }, async (page, response) => {
          await page.screenshot({ path: output(`dead-end-${name}-${mode}.png`), fullPage: true });
          await fitsItsWidth(page);
          const shown = await shownText(page);
          for (const word of words) assert.ok(shown.toLowerCase().includes(word.toLowerCase()), `"${word}" in: ${shown}`);
          assert.equal(await page.locator('h1').count(), 1, 'one heading');
          // Plain words and the next step: more than a heading and a number.
          assert.ok(shown.split(/\s+/).length >= 12, shown);
          assert.match(response.headers()['cache-control'], /no-store/);
          if (options.script !== false) {
            assert.equal(await isDark(page), options.dark === true, 'dark as asked for');
            await isAccessible(page);
          }
        }),
      );
    }
  }
}

/** Codes that count their opens or have a PIN: job.held is a list of {mode, once, query, several, pin, locked, document}. */
async function held(browser) {
  const modes = { phone: {}, dark: { dark: true }, 'no-script': { script: false }, desktop: { viewport: DESKTOP } };
  const focused = (page) => page.evaluate(() => document.activeElement.id);
  for (const { mode, once, query, several, pin, locked, shows } of job.held) {
    const options = modes[mode];
    const look = async (page, name, words) => {
      await page.screenshot({ path: output(`held-${name}-${mode}.png`), fullPage: true });
      await fitsItsWidth(page);
      const shown = await shownText(page);
      for (const word of words) assert.ok(shown.includes(word), `"${word}" in: ${shown}`);
      if (options.script !== false) {
        assert.equal(await isDark(page), options.dark === true, 'dark as asked for');
        await isAccessible(page);
      }
      if (mode === 'phone') {
        await enlarge(page);
        await page.screenshot({ path: output(`held-${name}-large.png`), fullPage: true });
        await fitsItsWidth(page);
        await wordsStayWhole(page);
        await page.evaluate(() => void (document.documentElement.style.fontSize = ''));
      }
    };
    const press = async (page, name, status) => {
      const [response] = await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).click()]);
      assert.equal(response.status(), status, `status after "${name}"`);
      return response;
    };

    for (const [name, path] of [['once', once], ['query', query]]) {
      await check(`held, ${name}, ${mode}: one button opens it, loading again repeats it, later it is used up`, async () => {
        await visit(browser, { path, ...options }, async (page) => {
          await look(page, name, ['This code can be opened only once', '1 of 1']);
          assert.ok(!(await page.content()).includes(shows), 'nothing of the document is there yet');
          const response = await press(page, 'Open the document', 200);
          const sent = await response.request().allHeaders();
          assert.deepEqual([sent['sec-fetch-site'], sent.origin, sent.referer], ['same-origin', 'null', undefined]);
          assert.match(response.headers()['cache-control'], /no-store/);
          await look(page, `${name}-opened`, [shows, 'This code cannot be opened again.']);
          const file = await downloaded(page, () => page.getByRole('link', { name: 'Download JSON' }).click());
          assert.ok(file.bytes.toString('utf8').includes(shows));
          assert.equal(file.name, 'document.json');
          await page.reload();
          assert.ok((await shownText(page)).includes(shows), 'the same page again');
        });
        await visit(browser, { path, expectStatus: 410, ...options }, (page) =>
          look(page, `${name}-used`, ['It was last opened on', 'whoever gave you the code can make a new one']),
        );
      });
    }

    await check(`held, several, ${mode}: its holder destroys it from the document’s own page`, async () => {
      await visit(browser, { path: several, ...options }, async (page) => {
        await look(page, 'several', ['This code can be opened 3 more times', '3 of 3']);
        await press(page, 'Open the document', 200);
        await look(page, 'several-opened', ['This code can be opened 2 more times.']);
        await page.getByText('I’m done, destroy it').click();
        await look(page, 'destroy', [shows, 'Destroy the code?', 'To keep it, do nothing.']);
        await press(page, 'Destroy it for good', 200);
        await look(page, 'destroyed', ['The code is destroyed']);
      });
      await visit(browser, { path: several, expectStatus: 410, ...options }, (page) =>
        look(page, 'revoked', ['Its holder destroyed it on']),
      );
    });

    await check(`held, PIN, ${mode}: a wrong one says how many tries are left, the right one opens`, () =>
      visit(browser, { path: pin.path, laterStatus: 403, ...options }, async (page) => {
        await look(page, 'pin', ['This code needs a PIN', 'The PIN has letters']);
        const field = page.getByLabel('PIN', { exact: true });
        assert.equal(await field.getAttribute('inputmode'), 'numeric');
        assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
        await field.fill('000001');
        await press(page, 'Open the document', 403);
        await look(page, 'pin-wrong', ['The PIN is wrong. 4 tries are left.']);
        if (options.script !== false) assert.equal(await focused(page), 'pin', 'where to type again');
        await page.getByText('The PIN has letters').click();
        await page.getByLabel('PIN with letters').fill('tea at six');
        await press(page, 'Open the document', 403);
        if (options.script !== false) assert.equal(await focused(page), 'pin_text', 'where to type again');
        await page.getByLabel('PIN with letters').fill(pin.pin);
        await look(page, 'pin-letters', ['PIN with letters']);
        await press(page, 'Open the document', 200);
        await look(page, 'pin-opened', [shows]);
      }),
    );

    await check(`held, locked, ${mode}: four wrong PINs leave the form`, () =>
      visit(browser, { path: locked, laterStatus: 403, ...options }, async (page) => {
        for (let tries = 4; tries > 0; tries -= 1) {
          await page.getByLabel('PIN', { exact: true }).fill('000001');
          await press(page, 'Open the document', 403);
        }
      }),
    );
    await check(`held, locked, ${mode}: the fifth wrong PIN says until when, and there is no form`, () =>
      visit(browser, { path: locked, laterStatus: 429, ...options }, async (page) => {
        await page.getByLabel('PIN', { exact: true }).fill('000001');
        await press(page, 'Open the document', 429);
        assert.equal(await page.locator('form').count(), 0);
        await look(page, 'pin-locked', ['Too many wrong PINs', 'PIN entry from your network is locked until']);
      }),
    );
  }
}

/** A red disc of 8 by 8 pixels. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQMAAAD+wSzIAAAABlBMVEW+FCj///91/1tLAAAAEUlEQVR42mM4zNDIAAONDIcBFFACiYUTPBAAAAAASUVORK5CYII=';

async function home(browser) {
  for (const [mode, options] of Object.entries({
    phone: {},
    'phone-dark': { dark: true },
    desktop: { viewport: DESKTOP },
    'no-script': { script: false },
  })) {
    await check(`start page, ${mode}: sample document to symbol, link and downloads`, () =>
      visit(browser, { path: '/', ...options }, async (page) => {
        await page.screenshot({ path: output(`home-${mode}.png`), fullPage: true });
        await fitsItsWidth(page, { commands: true });
        if (options.script !== false) {
          assert.equal(await isDark(page), options.dark === true, 'dark as asked for');
          await isAccessible(page);
        }
        const field = page.locator('form textarea').first();
        const sample = await field.inputValue();
        assert.doesNotThrow(() => JSON.parse(sample), 'the sample is JSON');
        await page.locator('form button[type=submit], form input[type=submit], form button:not([type])').first().click();
        const picture = page.locator('.sealed img.symbol');
        await picture.waitFor({ state: 'visible' });
        await page.screenshot({ path: output(`home-${mode}-sealed.png`), fullPage: true });
        await fitsItsWidth(page, { commands: true });
        if (options.script !== false) await isAccessible(page);

        // The picture in the page, as it is.
        const source = await picture.getAttribute('src');
        const box = await picture.boundingBox();
        assert.ok(box.width >= 200 && Math.abs(box.width - box.height) < 1, `the symbol is large and square: ${JSON.stringify(box)}`);
        assert.ok((await picture.getAttribute('alt'))?.length > 0, 'the symbol has a text for those who do not see it');
        const link = await page.locator(`a[href^="${job.base}/"]`).evaluateAll((list) =>
          list.map((a) => a.getAttribute('href')).find((href) => /\/\d{60,}$/.test(href)),
        );
        assert.ok(link, 'the link is there');
        if (source.startsWith('data:image/png;base64,')) {
          assert.equal(scan(Buffer.from(source.split(',')[1], 'base64'), `home-${mode}-symbol.png`), link);
        }
        // And as it is on the screen, dark mode included.
        assert.equal(scan(await picture.screenshot(), `home-${mode}-symbol-on-screen.png`), link);

        const answer = await fetch(link, { headers: { accept: 'application/json' } });
        assert.equal(answer.status, 200);
        assert.deepEqual(await answer.json(), JSON.parse(sample));

        const png = await downloaded(page, () => page.getByRole('link', { name: /png/i }).first().click());
        assert.equal(scan(png.bytes, `home-${mode}-downloaded.png`), link);
        assert.match(png.name, /\.png$/);
        const svg = await downloaded(page, () => page.getByRole('link', { name: /svg/i }).first().click());
        assert.match(svg.bytes.toString('utf8'), /<svg[\s>]/);
        assert.match(svg.name, /\.svg$/);
        const pdf = await downloaded(page, () => page.getByRole('link', { name: /pdf/i }).first().click());
        assert.equal(pdf.bytes.subarray(0, 5).toString('latin1'), '%PDF-');
        assert.match(pdf.name, /\.pdf$/);
      }),
    );
    await check(`start page, ${mode}: a style with a logo is tried, shown and kept`, () =>
      visit(browser, { path: '/', ...options }, async (page) => {
        await page.locator('details.style summary').click();
        await page.locator('#module_shape').selectOption('rounded');
        await page.locator('#finder_shape').selectOption('circle');
        await page.locator('#dark').fill('#123c7a');
        await page.locator('#caption').fill('Invoice 42');
        await page.locator('#logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') });
        await page.screenshot({ path: output(`home-${mode}-style.png`), fullPage: true });
        await fitsItsWidth(page, { commands: true });
        if (options.script !== false) await isAccessible(page);
        await page.getByRole('button', { name: 'Seal in this style' }).click();
        const picture = page.locator('.sealed img.symbol');
        await picture.waitFor({ state: 'visible' });
        await page.screenshot({ path: output(`home-${mode}-styled.png`), fullPage: true });
        await fitsItsWidth(page, { commands: true });
        if (options.script !== false) await isAccessible(page);
        assert.match(await shownText(page), /read back/, 'the verdict is told');
        assert.equal(await page.locator('#caption').inputValue(), 'Invoice 42', 'what was typed is still there');
        assert.match(await page.locator('#command').innerText(), /base64 < logo\.png/);
        const link = await page.locator('#link').innerText();
        assert.equal(scan(await picture.screenshot(), `home-${mode}-styled-symbol.png`), link);
        const svg = await downloaded(page, () => page.getByRole('link', { name: /svg/i }).first().click());
        assert.match(svg.bytes.toString('utf8'), /below it: Invoice 42<\/desc>/);
      }),
    );
    await check(`start page, ${mode}: a limit, a PIN, and text as it stands`, () =>
      visit(browser, { path: '/', ...options, laterStatus: 409 }, async (page) => {
        await page.locator('#payload').fill('Meet me at five.');
        await page.getByLabel('It is a text').check();
        await page.getByLabel('It opens').fill('1');
        await page.getByLabel('Ask for a PIN').check();
        await page.locator('form button.first').click();
        const pin = page.locator('#pin-made');
        await pin.waitFor();
        await page.screenshot({ path: output(`home-${mode}-pin.png`), fullPage: true });
        await fitsItsWidth(page, { commands: true });
        if (options.script !== false) await isAccessible(page);
        assert.match(await page.locator('.sealed').innerText(), /opens once/);
        const link = await page.locator('#link').innerText();
        const opened = await fetch(link, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ open_id: 'sixteen-letters-', pin: await pin.innerText() }),
        });
        assert.equal(await opened.text(), '"Meet me at five."');
        // Nobody keeps the PIN, so that loading the answer again cannot show it again; and it makes no second code.
        await page.reload();
        assert.match(await page.locator('#payload-error').innerText(), /was sealed before/);
        assert.equal(await page.locator('#payload').inputValue(), 'Meet me at five.');
      }),
    );
    await check(`start page, ${mode}: the style is shown before anything is sealed`, () =>
      visit(browser, { path: '/', ...options, laterStatus: 422 }, async (page) => {
        await page.locator('details.style summary').click();
        const preview = page.locator('#preview');
        assert.equal(await preview.isVisible(), false);
        await page.locator('#module_shape').selectOption('dots');
        if (options.script !== false) {
          await preview.waitFor();
          assert.match(await preview.getAttribute('src'), /generate_qr\?.*module_shape=dots/);
          await page.screenshot({ path: output(`home-${mode}-preview.png`), fullPage: true });
          await isAccessible(page);
        }
        await page.locator('#logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') });
        await page.getByRole('button', { name: 'Preview' }).click();
        await page.locator('#preview[src^="data:image/png"]').waitFor();
        await fitsItsWidth(page, { commands: true });
        assert.equal(await page.locator('.sealed').count(), 0, 'nothing was sealed');
        assert.match(scan(await preview.screenshot(), `home-${mode}-preview-on-screen.png`), /^http/i);
        // A logo that is too large: with script it is said at once, and without, what was typed is still there.
        const large = { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(3 << 20) };
        await page.locator('#payload').fill('{"kept":1}');
        await page.locator('#logo').setInputFiles(large);
        if (options.script !== false) {
          assert.match(await page.locator('#logo').evaluate((logo) => logo.validationMessage), /3072 KiB/);
        } else {
          await page.getByRole('button', { name: 'Seal in this style' }).click();
          assert.match(await page.locator('#logo-error').innerText(), /3073 KiB, and may have 256 KiB/);
          assert.equal(await page.locator('#payload').inputValue(), '{"kept":1}');
          assert.equal(await page.locator('[name=kept_logo]').count(), 1, 'the logo before it is kept');
        }
      }),
    );
    const wrong = '{"id": "INV-1",\n "amount": 12.5,}';
    await check(`start page, ${mode}: an error stays beside the field`, () =>
      visit(browser, { path: '/', ...options, laterStatus: 400 }, async (page) => {
        const field = page.locator('form textarea').first();
        await field.fill(wrong);
        await page.locator('form button[type=submit], form input[type=submit], form button:not([type])').first().click();
        const message = page.locator('[role=alert], .error, [aria-live]').filter({ hasText: /line 2/i }).first();
        await message.waitFor({ state: 'visible' });
        await page.screenshot({ path: output(`home-${mode}-error.png`), fullPage: true });
        const again = page.locator('form textarea').first();
        assert.equal(await again.inputValue(), wrong, 'what was typed is still there');
        assert.equal(await page.locator('.sealed, #preview:visible').count(), 0, 'no symbol is shown');
        const gap = await page.evaluate(() => {
          const area = document.querySelector('form textarea').getBoundingClientRect();
          const said = [...document.querySelectorAll('[role=alert], .error, [aria-live]')].find((e) => /line 2/i.test(e.textContent));
          const box = said.getBoundingClientRect();
          return Math.max(box.top - area.bottom, area.top - box.bottom);
        });
        assert.ok(gap < 200, `the error is ${gap} px away from the field`);
        await fitsItsWidth(page, { commands: true });
      }),
    );
  }
  await check('start page, leads to Swagger UI and the docs', () =>
    visit(browser, { path: '/' }, async (page) => {
      const targets = await page.locator('a[href]').evaluateAll((list) => list.map((a) => a.href));
      assert.ok(targets.some((href) => href.includes('/swagger-ui')), targets.join(' '));
      assert.ok(targets.some((href) => href.includes('openapi.json')), targets.join(' '));
      for (const href of targets.filter((href) => href.startsWith(job.base))) {
        assert.equal((await fetch(href)).status, 200, href);
      }
    }),
  );
}

async function swagger(browser) {
  const description = await (await fetch(`${job.base}/api-docs/openapi.json`)).json();
  const operations = Object.values(description.paths).flatMap((path) =>
    Object.keys(path).filter((key) => ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'].includes(key)),
  ).length;
  for (const path of ['/swagger-ui/', '/swagger-ui']) {
    await check(`Swagger UI at ${path} shows every operation`, () =>
      visit(browser, { path, viewport: DESKTOP }, async (page) => {
        await page.locator('.opblock').first().waitFor();
        assert.equal(await page.locator('.opblock').count(), operations);
        await page.screenshot({ path: output('swagger-ui.png'), fullPage: true });
        assert.equal(await page.locator('.errors-wrapper').count(), 0, 'Swagger UI finds no error in the description');
        assert.ok((await page.locator('.info .title').innerText()).toLowerCase().includes('qrseal'));
      }),
    );
  }
  await check('Swagger UI, "Try it out" seals a document', () =>
    visit(browser, { path: '/swagger-ui/', viewport: DESKTOP }, async (page) => {
      const block = page.locator('.opblock-post').filter({ hasText: '/api/tokens' }).first();
      await block.locator('.opblock-summary-control').first().click();
      const tryIt = block.locator('.try-out__btn');
      await tryIt.waitFor();
      if (/try it out/i.test(await tryIt.innerText())) await tryIt.click();
      await block.locator('.execute').click();
      const status = block.locator('.live-responses-table tr.response .response-col_status').first();
      await block.locator('.live-responses-table').waitFor();
      await page.screenshot({ path: output('swagger-ui-try-it-out.png'), fullPage: true });
      assert.match(await status.innerText(), /201/, await block.locator('.live-responses-table').innerText());
    }),
  );
  await check('Swagger UI, "Try it out" shows the picture of a symbol', () =>
    visit(browser, { path: '/swagger-ui/', viewport: DESKTOP }, async (page) => {
      const block = page.locator('.opblock-post').filter({ hasText: '/api/qrcode/encrypted-payload' }).first();
      await block.locator('.opblock-summary-control').first().click();
      const tryIt = block.locator('.try-out__btn');
      await tryIt.waitFor();
      if (/try it out/i.test(await tryIt.innerText())) await tryIt.click();
      await block.locator('.response-controls select').first().selectOption('image/png');
      await block.locator('.execute').click();
      await block.locator('.live-responses-table').waitFor();
      await page.screenshot({ path: output('swagger-ui-picture.png'), fullPage: true });
      assert.match(await block.locator('.live-responses-table tr.response .response-col_status').first().innerText(), /201/);
      const picture = block.locator('.live-responses-table img').first();
      await picture.waitFor({ state: 'visible' });
      assert.ok((await picture.boundingBox()).width > 50, 'the picture is shown');
    }),
  );
  await check('Swagger UI, "Try it out" seals the example of the invoice under its profile', () =>
    visit(browser, { path: '/swagger-ui/', viewport: DESKTOP }, async (page) => {
      const { InvoiceDocument } = description.components.schemas;
      assert.deepEqual(InvoiceDocument.required, ['id', 'amount']);
      const block = page.locator('.opblock-post').filter({ hasText: '/api/qrcode/encrypted-payload' }).first();
      await block.locator('.opblock-summary-control').first().click();
      const tryIt = block.locator('.try-out__btn');
      await tryIt.waitFor();
      if (/try it out/i.test(await tryIt.innerText())) await tryIt.click();
      await block.locator('.opblock-section-request-body .examples-select select').first().selectOption('invoice');
      await block.locator('tr[data-param-name="profile"] input').first().fill('invoice');
      assert.match(await block.locator('.opblock-section-request-body textarea').first().inputValue(), /INV-2026-0042/);
      await block.locator('.execute').click();
      await block.locator('.live-responses-table').waitFor();
      await page.screenshot({ path: output('swagger-ui-invoice.png'), fullPage: true });
      assert.match(await block.locator('.live-responses-table tr.response .response-col_status').first().innerText(), /201/);
      assert.match(await block.locator('.request-url').innerText(), /profile=invoice/);
    }),
  );
}

async function consolePages(browser) {
  const MODES = {
    phone: {},
    dark: { dark: true },
    desktop: { viewport: DESKTOP },
    'desktop-dark': { viewport: DESKTOP, dark: true },
    'no-script': { script: false },
  };
  for (const { name, code, visitor } of job.people) {
    const options = MODES[name];
    const seen = async (page, what) => {
      await page.screenshot({ path: output(`console-${name}-${what}.png`), fullPage: true });
      await fitsItsWidth(page, { commands: true });
      if (options.script !== false) await isAccessible(page);
      if (name === 'phone') await fitsEnlarged(page, `console-${name}-${what}-large.png`, { console: true });
    };
    await check(`console, ${name}: a password is set, a code is made, found and revoked, and every page is seen`, () =>
      visit(browser, { path: `/sign-in/recover?name=${name}`, ...options, laterStatus: 422 }, async (page) => {
        const password = 'correct horse battery staple';
        const go = (link) => page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: link, exact: true }).click();
        await seen(page, 'recover');
        await page.getByLabel('Recovery code').fill(code.toLowerCase().replaceAll('-', ' '));
        await page.getByLabel('New password').fill('password1234');
        await page.getByLabel('The same again').fill('password1234');
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.getByRole('alert').filter({ hasText: 'would be guessed' }).waitFor();
        await seen(page, 'weak');
        await page.getByLabel('New password').fill(password);
        await page.getByLabel('The same again').fill(password);
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        await go('New code');
        await page.locator('#payload').fill('{"table": 12}');
        await page.locator('form button[type=submit]').first().click();
        await page.locator('.sealed img.symbol').waitFor();
        const made = (await page.getByText(/^[0-9a-f]{24}$/).innerText()).trim();
        await page.getByRole('link', { name: 'console' }).click();
        await seen(page, 'overview');
        for (const heading of ['Codes', 'API keys', 'Accounts', 'Audit log', 'Settings', 'You']) {
          await go(heading);
          await page.getByRole('heading', { name: heading, level: 1, exact: true }).waitFor();
          await seen(page, heading.toLowerCase().replace(' ', '-'));
        }
        await go('Many codes');
        await manyCodes(page, (what) => seen(page, what));
        await go('Links');
        await seen(page, 'links');
        await page.getByLabel('Leads to').fill('https://10.0.0.1/menu');
        await page.getByRole('button', { name: 'Make the link' }).click();
        await page.getByRole('alert').waitFor();
        await seen(page, 'links-wrong');
        await page.getByLabel('Leads to').fill('https://shop.example/a-menu-whose-address-is-rather-long/and-longer?table=12');
        await page.locator('#new').getByLabel('Note').fill('table 12');
        await page.getByRole('button', { name: 'Make the link' }).click();
        await page.getByRole('heading', { name: 'table 12', level: 1 }).waitFor();
        const link = scan(await page.locator('img.symbol').screenshot(), `console-${name}-symbol.png`);
        const scanned = await fetch(link, { redirect: 'manual' });
        assert.equal(scanned.status, 302);
        await page.getByLabel('Leads to').fill('https://shop.example/winter');
        await page.getByRole('button', { name: 'Change the link' }).click();
        await page.getByRole('status').waitFor();
        // Scans are written once a second.
        const end = Date.now() + 20_000;
        while (!(await page.locator('figure.chart').isVisible()) && Date.now() < end) await page.goto(page.url());
        await page.locator('figure.chart').waitFor();
        await seen(page, 'link');
        await page.getByRole('link', { name: 'By hour' }).click();
        await page.getByText('Scans by hour').waitFor();
        await page.getByRole('button', { name: 'End the link for ever' }).click();
        await page.getByRole('status').filter({ hasText: 'The link has ended' }).waitFor();
        await go('Lists');
        await listPages(page, visitor, (what) => seen(page, what));
        await go('You');
        await page.getByRole('link', { name: 'Set a second factor' }).click();
        await seen(page, 'second-factor');
        const uri = scan(await page.locator('img.symbol').screenshot(), `console-${name}-second-factor.png`);
        const secret = new URL(uri).searchParams.get('secret');
        assert.equal((await page.locator('code.secret').innerText()).replaceAll(' ', ''), secret);
        await page.getByLabel('Code').fill(oneTimeCode(secret));
        await page.getByRole('button', { name: 'Set the second factor' }).click();
        await page.getByRole('heading', { name: 'Backup codes' }).waitFor();
        await seen(page, 'backup-codes');
        const backup = await page.locator('code.secret').first().innerText();
        await go('Accounts');
        await page.locator('main table a').first().click();
        await page.getByRole('heading', { name: 'Name and role' }).waitFor();
        await seen(page, 'account');
        await go('Codes');
        await page.getByRole('link', { name: made }).click();
        await page.getByLabel('Reason').fill('wrong table');
        await seen(page, 'code');
        await page.getByRole('button', { name: 'Revoke this code' }).click();
        await page.getByRole('status').filter({ hasText: 'The code is revoked' }).waitFor();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await seen(page, 'sign-in');
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Your second factor' }).waitFor();
        await seen(page, 'code-asked');
        await page.getByLabel('Code').fill(backup);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
      }),
    );
  }
}

/** A table is looked at, one of its rows would fail, and the other becomes a picture in a ZIP file. */
async function manyCodes(page, seen) {
  await page.getByRole('heading', { name: 'Many codes', level: 1 }).waitFor();
  await seen('many-codes');
  const table = 'Invoice No,Amount\nINV-2026-0042,1234.50\nINV-2026-0043,a lot\n';
  const choose = () => page.getByLabel('File').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  const map = 'id=Invoice No\namount:number=Amount';
  await choose();
  await page.getByLabel('Fields').fill(map);
  await page.getByRole('button', { name: 'Go' }).click();
  await page.getByRole('alert').filter({ hasText: 'Some rows would fail' }).waitFor();
  await page.locator('main td', { hasText: 'must be a number' }).waitFor();
  await seen('many-codes-looked-at');
  assert.equal((await page.getByLabel('Fields').inputValue()).replaceAll('\r\n', '\n'), map, 'what was typed is kept');
  await choose();
  await page.getByLabel('What to do').selectOption('zip');
  const zip = await downloaded(page, () => page.getByRole('button', { name: 'Go' }).click());
  assert.equal(zip.bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04', 'a ZIP file');
  assert.match(zip.name, /\.zip$/);
}

/** A list of visitors from its form to its end: somebody comes, it is asked who was there, and what was kept is erased. */
async function listPages(page, visitor, seen) {
  const press = (button) => page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('heading', { name: 'Check-in lists', level: 1 }).waitFor();
  await seen('lists');
  await page.locator('#new-name').fill('Friday');
  await page.getByLabel('Ticket (ticket)').uncheck();
  await page.getByLabel('Sign-in (sign-in)').check();
  await page.locator('#new-time_zone').fill('Europe/Berlin');
  await page.locator('#new-opens_at').fill('2020-01-02T08:00');
  await page.locator('#new-gates').fill('north\nsouth');
  await page.locator('#new-store').selectOption('visit');
  await page.locator('#new-max_inside').fill('300');
  await press('Make the list');
  await page.getByRole('alert').filter({ hasText: 'It takes exits' }).waitFor();
  await seen('lists-wrong');
  assert.equal(await page.locator('#new-opens_at').inputValue(), '2020-01-02T08:00', 'what was typed is kept');
  await page.locator('#new-exits').selectOption('on');
  await press('Make the list');
  await page.getByRole('heading', { name: 'Friday', level: 1 }).waitFor();
  const list = page.url();
  await page.getByRole('link', { name: 'Scan codes at the desk' }).click();
  await page.locator('#token').fill(visitor);
  await press('Check');
  await page.locator('#verdict h2', { hasText: /^Let in$/ }).waitFor();
  await page.goto(list);
  await page.locator('main td bdi', { hasText: /^let in$/ }).waitFor();
  await seen('list');
  await page.getByRole('link', { name: 'Ask who was there' }).click();
  await seen('presence');
  await page.locator('#presence-reason').fill('case 4711');
  await press('Show who was there');
  await page.getByText('Ana Sousa').waitFor();
  await seen('presence-told');
  const screen = page.viewportSize();
  await page.emulateMedia({ media: 'print' });
  // A4 between its margins.
  await page.setViewportSize({ width: 703, height: 1_032 });
  assert.equal(await page.getByRole('navigation', { name: 'Console' }).isVisible(), false, 'paper leads nowhere');
  assert.equal(await page.getByText('+49 30 1234567').isVisible(), true);
  await seen('presence-printed');
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize(screen);
  await page.locator('main table a').first().click();
  await page.getByRole('heading', { name: 'A check-in', level: 1 }).waitFor();
  await seen('check-in');
  assert.equal(await page.getByText('Ana Sousa').count(), 0, 'whoever looks says why');
  await page.locator('#show-reason').fill('case 4711');
  await press('Show what is kept');
  await page.getByText('Ana Sousa').waitFor();
  await seen('check-in-told');
  await page.getByLabel('nothing of what this code says').check();
  await press('Erase what is kept');
  await page.getByRole('status').filter({ hasText: 'kept any more' }).waitFor();
  await page.goto(list);
  await page.getByLabel('with its check-ins and what it keeps').check();
  await press('Delete the list');
  await page.getByRole('status').filter({ hasText: 'The list Friday is deleted' }).waitFor();
}

/** The code of the moment (RFC 6238), as an app makes it. */
function oneTimeCode(secret) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The first day of a shop with codes, on a phone: job.walks is a list of {mode, name, code}. */
async function firstDay(browser) {
  const MODES = { phone: {}, 'no-script': { script: false } };
  for (const { mode, name, code } of job.walks) {
    const options = MODES[mode];
    const colleague = `ben-${mode}`;
    const [first, later] = ['correct horse battery staple', 'ant bridge cello dune 7'];
    const go = (page, link) => page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: link, exact: true }).click();
    const press = (page, button) => page.getByRole('button', { name: button, exact: true }).click();
    const setPassword = async (page, code, password) => {
      await page.getByLabel('Recovery code').fill(code);
      await page.getByLabel('New password').fill(password);
      await page.getByLabel('The same again').fill(password);
      await press(page, 'Set password');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    };
    await check(`first day, ${mode}: from a recovery code to a code that was opened and revoked, a key, a colleague, and a lost password`, () =>
      visit(browser, { path: `/sign-in/recover?name=${name}`, ...options }, async (page) => {
        await setPassword(page, code, first);

        // A limited code with a PIN and a logo.
        await go(page, 'New code');
        await page.locator('#payload').fill('{"ticket": "T-7"}');
        await page.locator('#max_opens').fill('1');
        await page.getByLabel('Ask for a PIN').check();
        await page.getByLabel('Note').fill('seat 7');
        await page.getByText('Style: shapes, colours, logo, caption').click();
        await page.locator('#logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') });
        await press(page, 'Seal in this style');
        const pin = await page.locator('#pin-made').innerText();
        const link = await page.locator('#link').innerText();
        const id = await page.getByText(/^[0-9a-f]{24}$/).innerText();
        await page.getByRole('link', { name: 'console' }).click();

        // Found before it was opened, by its link, and after, by its note.
        await go(page, 'Codes');
        await page.getByLabel('Id or link').fill(link);
        await press(page, 'Search');
        await page.getByText('0 of 1').waitFor();
        await visit(browser, { path: new URL(link).pathname, ...options }, async (holder) => {
          await holder.getByLabel('PIN', { exact: true }).fill(pin);
          await holder.getByRole('button', { name: 'Open the document' }).click();
          await holder.getByText('T-7').first().waitFor();
        });
        await go(page, 'Codes');
        await page.getByLabel('Note').fill('seat');
        await press(page, 'Search');
        await page.getByRole('link', { name: id }).click();
        await page.getByText('1 of 1').waitFor();
        // This browser says that it has no screen.
        await page.getByRole('cell', { name: 'perhaps a program' }).waitFor();
        await press(page, 'Revoke this code');
        await page.getByRole('status').filter({ hasText: 'The code is revoked' }).waitFor();

        // A key for a program, and a colleague who sees only their own.
        await go(page, 'API keys');
        await page.getByLabel('Name').fill(`shop ${mode}`);
        await press(page, 'Make it');
        assert.match(await page.locator('code.secret').innerText(), /^qrs_/);
        await go(page, 'Accounts');
        await page.getByLabel('Name', { exact: false }).first().fill(colleague);
        await press(page, 'Add');
        const given = await page.locator('code.secret').innerText();
        await visit(browser, { path: `/sign-in/recover?name=${colleague}`, laterStatus: 403, ...options }, async (other) => {
          await setPassword(other, given, first);
          await go(other, 'Codes');
          await other.getByText('There are none.').waitFor();
          await other.goto(`${job.base}/console/audit`);
          await other.getByText('Your role does not include this').waitFor();
        });
        await go(page, 'Audit log');
        for (const words of ['set_password', 'issue', 'revoke', 'create']) {
          await page.locator('main td bdi', { hasText: new RegExp(`^${words}$`) }).first().waitFor();
        }

        // The colleague loses the password.
        await go(page, 'Accounts');
        await page.getByRole('link', { name: colleague }).click();
        await press(page, 'Make a recovery code');
        const again = await page.locator('code.secret').innerText();
        await visit(browser, { path: `/sign-in/recover?name=${colleague}`, ...options }, (other) =>
          setPassword(other, again.toLowerCase().replaceAll('-', ' '), later),
        );
      }),
    );
  }
}

/** Draws SVG files as Chromium shows them: job.pictures is a list of {svg, png, width, height}, width and height in pixels. */
async function rasterise(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const { svg, png, side } of job.pictures) {
    await page.setViewportSize({ width: side, height: side });
    const source = readFileSync(svg).toString('base64');
    await page.setContent(
      `<!doctype html><style>*{margin:0;background:#fff}img{display:block;width:${side}px;height:${side}px}</style><img src="data:image/svg+xml;base64,${source}">`,
    );
    const own = await page.locator('img').evaluate((image) => [image.naturalWidth, image.naturalHeight]);
    assert.deepEqual(own, [side, side], `${svg} has the size of the PNG`);
    await page.screenshot({ path: png });
  }
  await context.close();
}

/** What a person does with `/message`: write, scan, read, see that it was read, delete; and report what a visitor wrote. */
async function messages(browser) {
  const modes = { phone: {}, dark: { dark: true }, 'no-script': { script: false }, desktop: { viewport: DESKTOP }, german: { locale: 'de-DE' } };
  for (const [mode, options] of Object.entries(modes)) {
    const german = mode === 'german';
    const say = (english, words) => (german ? words : english);
    const look = async (page, name) => {
      await page.screenshot({ path: output(`message-${name}-${mode}.png`), fullPage: true });
      await fitsItsWidth(page);
      if (options.script !== false) {
        assert.equal(await isDark(page), options.dark === true, 'dark as asked for');
        await isAccessible(page);
      }
      if (mode === 'phone' || german) {
        await enlarge(page);
        await fitsItsWidth(page);
        await wordsStayWhole(page);
        await page.evaluate(() => void (document.documentElement.style.fontSize = ''));
      }
    };
    const press = async (page, name, status = 200) => {
      const [response] = await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).click()]);
      assert.equal(response.status(), status, `status after "${name}"`);
    };
    /** Writes a message; the link as other programs read it from the picture on the screen, and what else the page says. */
    const write = async (text, { once = false, pin = false }, name) => {
      const made = {};
      await visit(browser, { path: '/message', ...options }, async (page) => {
        await look(page, 'write');
        await page.getByLabel(say('Message', 'Nachricht')).fill(text);
        if (once) await page.getByLabel(say('It can be read once', 'Nur einmal lesbar')).check();
        if (pin) await page.getByLabel(say('Ask for a PIN', 'Mit einer PIN schützen')).check();
        await press(page, say('Make the QR code', 'QR-Code erstellen'), 201);
        await look(page, `code-${name}`);
        const picture = page.locator('img.symbol');
        made.link = scan(await picture.screenshot(), `message-symbol-${name}-${mode}.png`);
        assert.equal(await page.locator('#link').innerText(), made.link);
        made.manage = await page.locator('#manage').innerText();
        assert.match(made.manage, /\/manage\/[A-Za-z0-9_-]{71}$/);
        made.pin = pin ? await page.locator('.note code').first().innerText() : undefined;
        const { bytes } = await downloaded(page, () => page.getByRole('link', { name: say('Download', 'Herunterladen') }).click());
        assert.equal(scan(bytes, `message-downloaded-${name}-${mode}.png`), made.link);
      });
      return made;
    };

    await check(`messages, ${mode}: written, scanned, read, deleted`, async () => {
      const text = 'see you at nine\n\n  bring <b>tea</b>, and https://example.org/way?a=1.';
      const { link, manage } = await write(text, {}, 'plain');
      await visit(browser, { path: link, ...options }, async (page) => {
        await look(page, 'read');
        const shown = await page.locator('#message').evaluate((element) => {
          const copy = element.cloneNode(true);
          for (const button of copy.querySelectorAll('.button')) button.remove();
          return copy.textContent;
        });
        assert.equal(shown, text);
        await page.locator('#message summary').press('Enter');
        await look(page, 'address');
        assert.equal(await page.locator('#message a').getAttribute('href'), 'https://example.org/way?a=1');
        // Reported with nothing but keys.
        await page.locator('details.done > summary').press('Enter');
        await look(page, 'report');
        await press(page, say('It tries to deceive me', 'Sie will mich täuschen'));
        await look(page, 'reported');
      });
      await visit(browser, { path: manage, ...options }, async (page) => {
        await look(page, 'manage-uncounted');
        await press(page, say('Delete the message', 'Nachricht löschen'));
        await look(page, 'manage-deleted');
      });
      await visit(browser, { path: link, ...options, expectStatus: 410 }, async () => {});
    });

    await check(`messages, ${mode}: read once, with a PIN, and its writer sees that`, async () => {
      const { link, manage, pin } = await write('the key is under the pot', { once: true, pin: true }, 'once');
      await visit(browser, { path: manage, ...options }, async (page) => {
        await look(page, 'manage-unread');
        assert.ok((await shownText(page)).includes(say('It was not read yet', 'noch nicht gelesen')));
      });
      await visit(browser, { path: link, ...options }, async (page) => {
        await look(page, 'held');
        await page.locator('#pin').fill(pin);
        await press(page, say('Open the document', 'Dokument öffnen'));
        await look(page, 'once-read');
        assert.ok((await shownText(page)).includes('the key is under the pot'));
      });
      await visit(browser, { path: manage, ...options }, async (page) => {
        await look(page, 'manage-read');
        assert.ok((await shownText(page)).includes(say('It was read', 'Sie wurde gelesen')));
      });
    });

    await check(`messages, ${mode}: what is wrong stands beside the text`, () =>
      visit(browser, { path: '/message', ...options, laterStatus: 422 }, async (page) => {
        const field = page.getByLabel(say('Message', 'Nachricht'));
        await field.fill(' ');
        await press(page, say('Make the QR code', 'QR-Code erstellen'), 422);
        await page.locator('[role=alert]').waitFor({ state: 'visible' });
        await look(page, 'wrong');
      }),
    );
  }
}

/** The desk without a camera: a code is typed, let in, and not let in again. */
async function desk(browser) {
  const MODES = { phone: {}, dark: { dark: true }, desktop: { viewport: DESKTOP }, 'no-script': { script: false } };
  for (const { name, code, ticket } of job.people) {
    const options = MODES[name];
    const scripted = options.script !== false;
    await check(`desk, ${name}: a typed code is let in once`, () =>
      visit(browser, { path: `/sign-in/recover?name=${name}`, ...options, laterStatus: 409, asks: '/api/check-ins' }, async (page) => {
        const seen = async (what) => {
          await page.screenshot({ path: output(`desk-${name}-${what}.png`), fullPage: true });
          await fitsItsWidth(page);
          if (scripted) await isAccessible(page);
          if (name === 'phone') await fitsEnlarged(page, `desk-${name}-${what}-large.png`);
        };
        const password = 'correct horse battery staple';
        await page.getByLabel('Recovery code').fill(code);
        await page.getByLabel('New password').fill(password);
        await page.getByLabel('The same again').fill(password);
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        const verdict = (words) => page.locator('#verdict h2', { hasText: words }).waitFor({ state: 'visible' });
        const type = async () => {
          await page.locator('#token').fill(ticket);
          await page.getByRole('button', { name: 'Check', exact: true }).click();
        };
        await page.goto(`${job.base}/desk?list=${job.list}`);
        await page.getByRole('heading', { name: 'Gala', level: 1 }).waitFor();
        await seen('empty');
        if (scripted) {
          // The scanner reads the code twice before the server has answered.
          let asked = 0;
          let answer;
          const held = new Promise((resolve) => { answer = resolve; });
          await page.route('**/api/check-ins', async (route) => {
            asked += 1;
            await held;
            await route.continue();
          });
          const first = page.waitForRequest('**/api/check-ins');
          await type();
          await first;
          await type();
          answer();
          await verdict(/^Let in$/);
          assert.equal(asked, 1, 'the second reading asks nothing');
          await page.unroute('**/api/check-ins');
        } else {
          await type();
          await verdict(/^Let in$/);
          assert.match(await page.title(), /^Let in - /);
        }
        assert.match(await shownText(page), /Ana Sousa/);
        await seen('let-in');
        // The same code within five seconds is the same scan; a new page knows of none.
        await page.goto(`${job.base}/desk?list=${job.list}`);
        await type();
        await verdict(/^Already let in$/);
        const already = await shownText(page);
        assert.match(already, /Ana Sousa/);
        assert.match(already, new RegExp(`Let in by: ${name}`), 'who let it in');
        await seen('already');
      }),
    );
  }
}

/** The desk with a film before Chromium's camera. */
async function deskCamera() {
  const password = 'correct horse battery staple';
  const signIn = async (page, { name, code }) => {
    await page.goto(`${job.base}/sign-in/recover?name=${name}`);
    await page.locator('input[name=code]').fill(code);
    await page.locator('input[name=password]').fill(password);
    await page.locator('input[name=again]').fill(password);
    await page.locator('form button[type=submit]').first().click();
    await page.locator('.who').waitFor();
  };
  const place = `/desk?list=${job.list}&gate=north`;
  await check('desk, camera: every code of the film is let in once', async () => {
    const filmed = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${job.film}`,
      ],
    });
    try {
      const context = await filmed.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, permissions: ['camera'] });
      const page = await context.newPage();
      const trouble = [];
      page.on('pageerror', (error) => trouble.push(String(error)));
      await signIn(page, job.person);
      const response = await page.goto(job.base + place);
      assert.match(response.headers()['permissions-policy'], /camera=\(self\)/);
      await page.locator('#start').click();
      const counted = async () => (await (await page.request.get(`${job.base}/api/lists/${job.list}`)).json()).counts.entries;
      const end = Date.now() + 240_000;
      while ((await counted()) < job.codes && Date.now() < end) await page.waitForTimeout(500);
      await page.screenshot({ path: output('desk-camera.png'), fullPage: true });
      assert.equal(await counted(), job.codes, 'codes that were let in');
      // Without the server it says at once that nothing was checked, and tries again by itself.
      await page.locator('#start').click();
      await page.route('**/api/check-ins', (route) => route.abort());
      await page.locator('#token').fill('1'.repeat(40));
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.locator('#verdict h2', { hasText: 'The server cannot be reached' }).waitFor();
      await page.unroute('**/api/check-ins');
      await page.locator('#verdict h2', { hasText: 'Not one of our codes' }).waitFor();
      assert.deepEqual(trouble, []);
    } finally {
      await filmed.close();
    }
  });
}

/** A code of a profile: the path of its link. */
async function sealAs(profile, payload) {
  const response = await fetch(`${job.base}/api/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payload, profile }),
  });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()).link.slice(job.base.length);
}

/** Every control is reached with the tabulator, and shows that it has the focus. */
async function keyboardReaches(page) {
  const count = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
    const reached = controls.filter((control) => control.tabIndex >= 0 && !control.disabled && control.checkVisibility({ visibilityProperty: true }));
    reached.forEach((control, place) => void (control.dataset.place = place));
    return reached.length;
  });
  const seen = new Set();
  for (let step = 0; step < 2 * count + 10 && seen.size < count; step += 1) {
    await page.keyboard.press('Tab');
    const { place, marked, html } = await page.evaluate(() => {
      const focused = document.activeElement;
      const style = getComputedStyle(focused);
      return { place: focused.dataset.place, marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none', html: focused.outerHTML.slice(0, 80) };
    });
    if (place === undefined) continue;
    assert.ok(marked, `the focus is seen at ${html}`);
    seen.add(place);
  }
  assert.equal(seen.size, count, 'controls that a keyboard reaches');
}

/** Presses the tabulator until what the selector names has the focus. */
async function tabTo(page, selector) {
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
  }
  assert.fail(`no key leads to ${selector}`);
}

async function profiles(browser) {
  const looks = async (page, name, locale) => {
    const [language, direction] = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    assert.equal(language, locale.split('-')[0]);
    assert.equal(direction, language === 'ar' ? 'rtl' : 'ltr');
    await page.screenshot({ path: output(`profile-${name}-${locale}.png`), fullPage: true });
    await fitsItsWidth(page);
    await isAccessible(page);
    await keyboardReaches(page);
    await enlarge(page);
    await fitsItsWidth(page);
    await page.screenshot({ path: output(`profile-${name}-${locale}-large.png`), fullPage: true });
  };
  const send = async (page, press) => {
    const [sent] = await Promise.all([page.waitForNavigation(), press()]);
    return sent.status();
  };
  const invoice = {
    id: 'INV-2026-0042', amount: 1234.5, currency: 'EUR', issued: '2026-11-20', due: '2026-12-31', customer: 'Grace Hopper',
    lines: [{ text: 'Paper', quantity: 1200, amount: 1000 }, { text: 'Ink', quantity: 3, amount: 234.5 }],
    phone: '+49 30 1234567', email: 'billing@example.com',
  };
  const phones = [
    ['en-GB', 'ltr', ['Invoice', '€1,234.50', '31 December 2026']],
    ['de-DE', 'ltr', ['Rechnung', '1.234,50\u00a0€', '31. Dezember 2026', 'Zahlbar bis']],
    ['ar', 'rtl', ['فاتورة', '1,234.50\u00a0€', '31 ديسمبر 2026']],
    ['ja-JP', 'ltr', ['請求書', '€1,234.50', '2026年12月31日']],
  ];
  const path = await sealAs('invoice', invoice);
  for (const [locale, direction, words] of phones) {
    await check(`an invoice on a phone, ${locale}`, () =>
      visit(browser, { path, locale }, async (page) => {
        assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.doc')).direction), direction);
        const text = await shownText(page);
        for (const word of words) assert.ok(text.includes(word), word);
        await page.locator('.doc .go summary').first().press('Enter');
        assert.ok((await shownText(page)).includes('1234.5 EUR'), 'the digits of the document are a tap away');
        await looks(page, 'invoice', locale);
      }),
    );
  }
  await check('the language of a page is chosen on it', () =>
    visit(browser, { path }, async (page) => {
      await page.locator('.languages summary').press('Enter');
      await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'Polski' }).press('Enter')]);
      assert.equal(await page.locator('h1').innerText(), 'Faktura');
    }),
  );
  const shipped = (await (await fetch(`${job.base}/api/profiles`)).json()).profiles;
  const samples = await Promise.all(
    shipped.map(async ({ name }) => {
      const { sample } = await (await fetch(`${job.base}/api/profiles/${name}`)).json();
      return [name, await sealAs(name, sample)];
    }),
  );
  for (const locale of job.locales) {
    for (const [name, place] of samples) {
      await check(`a sample of ${name} on a phone, ${locale}`, () =>
        visit(browser, { path: place, locale }, (page) => looks(page, `sample-${name}`, locale)),
      );
    }
    await check(`a ticket at a dark door, ${locale}`, () => {
      const [, ticket] = samples.find(([name]) => name === 'ticket');
      return visit(browser, { path: ticket, locale, dark: true }, async (page) => {
        const shown = scan(await page.locator('.show svg').screenshot(), `profile-ticket-code-${locale}.png`);
        assert.ok(shown.toLowerCase().endsWith(ticket.toLowerCase()), 'it is read from a dark page');
        await fitsItsWidth(page);
        await isAccessible(page);
      });
    });
  }
  /** What people type, and what is asked for if they do not. */
  const FORMS = {
    'sign-in': { typed: { '[name=name]': 'Grace Hopper', '[name=phone]': '+49 30 1234567' }, tick: '[name=consent]', hidden: 'Hopper' },
    message: { typed: { '[name=subject]': 'Lunch', '[name=text]': 'The keys are under the mat.' }, asks: '[name=text]', shown: 'under the mat' },
  };
  for (const locale of job.form_locales) {
    for (const [form, { typed, tick, asks, hidden, shown }] of Object.entries(FORMS)) {
      const [first, ...others] = Object.entries(typed);
      await check(`the form of ${form} by keyboard, without script, ${locale}`, () =>
        visit(browser, { path: `/f/${form}?host=Ana`, locale, script: false, laterStatus: 422 }, async (page) => {
          if (form === 'sign-in') assert.equal(await page.locator('[name=host]').inputValue(), 'Ana');
          await tabTo(page, first[0]);
          await page.keyboard.type(first[1]);
          assert.equal(await send(page, () => page.keyboard.press('Enter')), 422, 'something is still asked for');
          assert.equal(await page.locator(first[0]).inputValue(), first[1], 'what was typed is kept');
          const asked = others[0]?.[0] ?? asks;
          assert.ok(await page.locator(asked).evaluate((field) => field === document.activeElement), 'what is asked for has the focus');
          await page.keyboard.type(others[0][1]);
          if (tick) {
            await tabTo(page, tick);
            await page.keyboard.press('Space');
          }
          await tabTo(page, 'button.first');
          assert.equal(await send(page, () => page.keyboard.press('Enter')), 200);
          assert.match(page.url(), /\/\d+\?made/);
          const link = scan(await page.locator('.show img').screenshot(), `profile-code-${form}-${locale}.png`);
          assert.ok(page.url().toLowerCase().startsWith(link.toLowerCase()), 'the code leads to its page');
          if (hidden) assert.ok(!(await shownText(page)).includes(hidden), 'what it says is for the desk');
          if (shown) assert.ok((await shownText(page)).includes(shown));
          await page.reload();
          assert.equal(scan(await page.locator('.show img').screenshot(), `profile-code-${form}-${locale}.png`), link, 'no second code');
        }),
      );
      await check(`the form of ${form} for everybody, ${locale}`, () =>
        visit(browser, { path: `/f/${form}`, locale, laterStatus: 422 }, async (page) => {
          await looks(page, `form-${form}`, locale);
          assert.equal(await send(page, () => page.locator('button.first').click()), 422);
          await looks(page, `form-${form}-wrong`, locale);
          for (const [field, text] of Object.entries(typed)) await page.locator(field).fill(text);
          if (tick) await page.locator(tick).check();
          assert.equal(await send(page, () => page.locator('button.first').click()), 200);
          const red = await page.evaluate(() => {
            const picture = document.querySelector('.show img');
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
            const context = canvas.getContext('2d');
            context.drawImage(picture, 0, 0);
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            let found = 0;
            for (let at = 0; at < data.length; at += 4) if (data[at] > 150 && data[at + 1] < 60 && data[at + 2] < 80) found += 1;
            return found;
          });
          assert.equal(red > 100, form === 'sign-in', 'the code of a visitor has the logo of the venue');
          await looks(page, `form-${form}-made`, locale);
        }),
      );
    }
  }
}

/** A volunteer's phone: from the link of a pass to a scan, the badge of whoever came in, and the roll call. */
async function deskPass(browser) {
  const MODES = { phone: {}, dark: { dark: true }, 'no-script': { script: false } };
  for (const { name, path, code, guest } of job.phones) {
    const options = MODES[name];
    const scripted = options.script !== false;
    await check(`desk, a pass on ${name}: it signs the phone in, once, to scan, print a badge, call the roll and make a code`, () =>
      visit(browser, { path, ...options }, async (page) => {
        const seen = async (what) => {
          await page.screenshot({ path: output(`desk-pass-${name}-${what}.png`), fullPage: true });
          await fitsItsWidth(page);
          if (scripted) await isAccessible(page);
          if (name === 'phone') await fitsEnlarged(page, `desk-pass-${name}-${what}-large.png`);
        };
        await seen('pass');
        // A dialog for a printer would stay open.
        await page.addInitScript(() => {
          window.printed = 0;
          window.print = () => { window.printed += 1; };
        });
        await page.getByRole('button', { name: 'Sign this phone in' }).click();
        await page.getByRole('heading', { name: 'Friday', level: 1 }).waitFor();
        await seen('desk');
        await page.locator('#token').fill(code);
        await page.getByRole('button', { name: 'Check', exact: true }).click();
        await page.locator('#verdict h2', { hasText: /^Let in$/ }).waitFor({ state: 'visible' });
        await seen('let-in');
        if (scripted) await page.waitForFunction(() => window.printed === 1);
        const badge = page.locator('.badge');
        assert.equal(await badge.isVisible(), false, 'the badge is for paper');
        await page.emulateMedia({ media: 'print' });
        assert.equal(await badge.isVisible(), true);
        for (const other of ['header', '#verdict', '#scan']) assert.equal(await page.locator(other).isVisible(), false, other);
        await page.screenshot({ path: output(`desk-pass-${name}-badge.png`) });
        const pdf = (await page.pdf({ preferCSSPageSize: true, path: output(`desk-pass-${name}-badge.pdf`) })).toString('latin1');
        assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, 'pages of paper');
        const [, width, height] = pdf.match(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/);
        assert.ok(Math.abs(width - (86 / 25.4) * 72) < 3 && Math.abs(height - (54 / 25.4) * 72) < 3, `${width} x ${height}`);
        await page.emulateMedia({ media: 'screen' });
        if (scripted) {
          await page.getByRole('button', { name: 'Print the badge again' }).click();
          assert.equal(await page.evaluate(() => window.printed), 2);
        }
        await page.getByRole('link', { name: 'Roll call' }).click();
        await page.getByRole('heading', { name: 'Roll call', level: 1 }).waitFor();
        const person = page.locator('.roll li', { hasText: guest });
        await person.getByRole('checkbox').check();
        await seen('roll-call');
        await page.emulateMedia({ media: 'print' });
        await page.screenshot({ path: output(`desk-pass-${name}-roll-call-print.png`), fullPage: true });
        assert.equal(await person.getByText(guest).isVisible(), true);
        assert.equal(await person.getByRole('checkbox').isVisible(), true);
        assert.equal(await person.locator('button').isVisible(), false, 'no buttons on paper');
        await page.emulateMedia({ media: 'screen' });
        await page.getByLabel('Name or another detail').fill(guest.toUpperCase());
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('link', { name: 'Show everybody' }).waitFor();
        await person.getByRole('button', { name: 'Let out' }).click();
        await page.getByRole('status').filter({ hasText: 'Let out' }).waitFor();
        assert.equal(await person.count(), 0);
        await page.goto(`${job.base}/desk`);
        await page.getByRole('navigation', { name: 'No code' }).getByRole('link', { name: 'Visit' }).click();
        await page.locator('[name="name"]').fill('Eve Walk-in');
        await seen('form');
        await page.getByRole('button', { name: 'Send', exact: true }).click();
        await page.locator('#verdict h2', { hasText: /^Let in$/ }).waitFor({ state: 'visible' });
        await page.locator('#verdict dd', { hasText: 'Eve Walk-in' }).waitFor();
        const made = page.getByRole('img', { name: 'QR code to show' });
        assert.equal(await made.isVisible(), true);
        const printed = await page.getByRole('link', { name: 'Show or print the code' }).getAttribute('href');
        assert.match(printed, /^\/[0-9]+\?made$/);
        await seen('no-code');
        await page.locator('#token').fill(code);
        await page.getByRole('button', { name: 'Check', exact: true }).click();
        await page.locator('#verdict dd', { hasText: guest }).waitFor();
        assert.equal(await made.count(), 0, 'no old code for a new visitor');
        await page.getByRole('button', { name: 'Sign this phone out' }).click();
        await page.getByRole('heading', { name: 'The pass of this phone has ended' }).waitFor();
        await seen('over');
      }),
    );
    await check(`desk, a pass on ${name}: another phone is told that it is over`, () =>
      visit(browser, { path, ...options, expectStatus: 410 }, async (page) => {
        await page.getByRole('heading', { name: /no longer valid/ }).waitFor();
      }),
    );
  }
}

const AREAS = { 'token-pages': tokenPages, 'dead-ends': deadEnds, held, home, messages, profiles, desk, 'desk-camera': deskCamera, 'desk-pass': deskPass, console: consolePages, 'first-day': firstDay, swagger, rasterise };

// ---- the run ----

function unable(message) {
  console.error(`browser.mjs: ${message}`);
  process.exit(2);
}

if (area !== 'serve' && !(area in AREAS)) unable(`no area '${area}': serve, ${Object.keys(AREAS).join(', ')}`);
let chromium;
try {
  ({ chromium } = require('playwright-core'));
  require.resolve('axe-core/axe.min.js');
} catch (error) {
  unable(`${error.message}: tests/run install`);
}

async function serve() {
  if (!existsSync(CHROMIUM)) unable(`${CHROMIUM} is missing: tests/run install, or apt-get install chromium`);
  const server = await chromium.launchServer({
    executablePath: CHROMIUM,
    host: '127.0.0.1',
    args: [
      // As root, Chromium starts without its sandbox or not at all; it sees our own pages only.
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
  console.log(server.wsEndpoint());
  for await (const _ of process.stdin);
  await server.close();
  process.exit(0);
}

if (area === 'serve') await serve();
mkdirSync(job.output, { recursive: true });
const browser = await chromium.connect(job.browser);
try {
  await AREAS[area](browser);
} finally {
  await browser.close();
}
console.log(failures === 0 ? `${area}: all well` : `${area}: ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
