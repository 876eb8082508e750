// Opens reports' pages in Chromium and clicks through them: browser_test.js UCSIGNIN SCENARIOS FOLDER
// 77 when there is no browser, or `npm ci` was not run; with CI=true that is a failure.
'use strict';
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');
const { pathToFileURL } = require('url');
const { hostile } = require('./hostile.js');

const [program, scenarios, folder] = process.argv.slice(2);
const failures = [];
let checks = 0;

function check(what, holds) {
  ++checks;
  if (!holds) failures.push(what);
}

function missing(what) {
  console.log(`${what} is missing: scripts/setup --tests`);
  process.exit(process.env.CI === 'true' ? 1 : 77);
}

function needed() {
  const browser = ['/usr/bin/chromium-headless-shell'].find((one) => fs.existsSync(one));
  if (!browser) missing('chromium-headless-shell');
  try {
    return { browser, puppeteer: require('puppeteer-core'), axe: require('axe-core').source };
  } catch (none) {
    return missing('puppeteer-core or axe-core');
  }
}

function run(to, ...args) {
  const file = to ? fs.openSync(to, 'w') : 'ignore';
  const done = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', file, 'pipe'] });
  if (to) fs.closeSync(file);
  if (done.status === null || done.status >= 60) throw new Error(`${args.join(' ')}: ${done.status} ${done.stderr}`);
}

// The page as the run wrote it, and as it is rendered from the JSON: they are one and the same.
function diagnosed(name) {
  const at = (ending) => path.join(folder, `${name}.${ending}`);
  run(null, 'diagnose', 'alice@contoso.example', '--lab', '--scenario', path.join(scenarios, `${name}.json`), '-q', '--json', at('json'), '--html', at('html'));
  run(at('rendered.html'), 'render', at('json'), '--format', 'html');
  check(`${name}: render(json) is what diagnose wrote`, fs.readFileSync(at('html'), 'utf8') === fs.readFileSync(at('rendered.html'), 'utf8'));
  return at('html');
}

function compared(before, after) {
  const [one, other] = [before, after].map((name) => path.join(folder, `${name}.json`)), html = path.join(folder, 'compared.html');
  run(html, 'compare', one, other, '--format', 'html');
  return html;
}

function reference() {
  const html = path.join(folder, 'findings.html');
  run(html, 'explain', '--list', '--format', 'html');
  return html;
}

function hostileReport(name) {
  const report = JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  const json = path.join(folder, `hostile-${name}.json`), html = path.join(folder, `hostile-${name}.html`);
  fs.writeFileSync(json, JSON.stringify(hostile(report)));
  run(html, 'render', json, '--format', 'html');
  return html;
}

// A page that hears everything that it must not do.
async function open(browser, file, { script = true, width = 1280, dark = false } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);   // the test's own is ctest's: a busy machine is no fault of a page
  const name = `${path.basename(file)} at ${width}`;
  console.log(`${(performance.now() / 1000).toFixed(0)} s: ${name}`);
  page.on('console', (said) => check(`${name}: console: ${said.text()}`, !['error', 'warn', 'assert'].includes(said.type())));
  page.on('pageerror', (error) => check(`${name}: ${error}`, false));
  page.on('dialog', (dialog) => { check(`${name}: a dialog`, false); dialog.dismiss(); });
  page.on('request', (request) => check(`${name}: asked for ${request.url()}`, request.url() === pathToFileURL(file).href || request.url().startsWith('data:')));
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await page.goto(pathToFileURL(file).href);
  return page;
}

async function accessible(page, axe, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], iframes: false }));
  for (const one of found.violations)
    if (['serious', 'critical'].includes(one.impact))
      check(`${what}: ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`, false);
  check(`${what}: axe looked at something`, found.violations !== undefined);
}

// Which steps are lit in the chart, the timeline and the ladder.
const lit = (page) => page.evaluate(() => Object.fromEntries(['a.node', '.row', '.message'].map((kind) =>
  [kind, [...document.querySelectorAll(`${kind}.sel`)].map((one) => one.dataset.s)])));
const press = (page, selector) => page.$eval(selector, (one) => {
  one.scrollIntoView({ block: 'center' });
  one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
});
const count = (page, selector) => page.$$eval(selector, (all) => all.filter((one) => one.checkVisibility()).length);

// A step that has messages, by its place.
const talkative = (page) => page.$eval('.message[data-o="ok"], .message[data-s]', (one) => one.dataset.s);

async function linked(page, name) {
  const span = await talkative(page);
  const agree = async (how) => {
    const now = await lit(page);
    check(`${name}: ${how} lights its node`, now['a.node'].length > 0);
    check(`${name}: ${how} lights its bar`, now['.row'].length === 1 && now['.row'][0] === span);
    check(`${name}: ${how} lights its messages`, now['.message'].length > 0 && now['.message'].every((one) => one === span));
    check(`${name}: ${how} shows the step`, await page.$eval('#panel', (panel) => !panel.hidden && panel.querySelector('h2').textContent.length > 3));
  };
  await press(page, `.row[data-s="${span}"]`);
  await agree('a bar');
  await page.keyboard.press('Escape');
  check(`${name}: Escape ends it`, await page.$eval('#panel', (panel) => panel.hidden) && (await lit(page))['.row'].length === 0);
  await press(page, `.message[data-s="${span}"] > summary`);
  await agree('a message');
  check(`${name}: a message opens to its headers`, await count(page, '.message[open] .headers dd') > 0);
  await page.keyboard.press('Escape');
  const node = await page.$eval(`.row[data-s="${span}"]`, (row) => row.dataset.n);
  await page.$$eval('.stage', (all) => all.forEach((one) => { one.open = true; }));
  await press(page, `.wide-chart a.node[data-n="${node}"]`);
  const now = await lit(page);
  check(`${name}: a node lights bars and messages of its step`, now['.row'].length === 1 && now['a.node'].length > 0);
  await page.keyboard.press('Escape');
}

async function opened(page, name) {
  const step = await page.$eval('.step[data-o="ok"]', (one) => { one.querySelector('summary').click(); return one.id; });
  await page.waitForFunction((id) => document.querySelector(`#${id} .evidence`), { polling: 100 }, step);
  check(`${name}: a step opens to its evidence`, await count(page, `#${step} .evidence td`) > 0);
  await page.$eval(`#${step} summary`, (one) => one.click());
}

// How many steps have the words, also in what is shown only once it is asked for.
async function with_words(page, words) {
  await page.keyboard.press('/');
  await page.$eval('#tools input', (one) => { one.value = ''; });
  await page.keyboard.type(words);
  await page.waitForFunction((wanted) => document.querySelector('#tools input').value === wanted && document.getElementById('found').dataset.of === wanted, { polling: 100 }, words);
  return count(page, '.row');
}

async function searched(page, name) {
  const all = await count(page, '.row');
  const by_evidence = await with_words(page, 'dns.answer.resolver');
  check(`${name}: search finds what a step noted`, by_evidence > 0 && by_evidence < all);
  check(`${name}: search finds no markup`, await with_words(page, 'class=') === 0);
  const found = await with_words(page, 'register');
  check(`${name}: search finds some of the steps`, found > 0 && found < all);
  check(`${name}: search shows only messages with the word`, await page.$$eval('.message', (messages) =>
    messages.filter((one) => one.checkVisibility()).every((one) => one.textContent.toLowerCase().includes('register'))));
  await page.keyboard.press('Escape');
  await page.evaluate(() => [...document.querySelectorAll('#tools button')].find((one) => one.textContent === 'Clear').click());
  check(`${name}: Clear brings all back`, await count(page, '.row') === all);
  for (const [label, attribute, value] of [['Stage 2', 't', '2'], ['ok', 'o', 'ok']]) {
    const choose = () => page.evaluate((text) => [...document.querySelectorAll('#tools button')]
      .find((one) => one.ariaLabel === text || one.textContent === text).click(), label);
    await choose();
    const kept = await page.$$eval('.row', (rows, key) => rows.filter((one) => one.checkVisibility()).map((one) => one.dataset[key]), attribute);
    check(`${name}: filter ${label}`, kept.length > 0 && kept.length < all && kept.every((one) => one === value));
    await choose();
  }
}

async function by_keys(page, name) {
  await page.keyboard.press('j');
  const first = (await lit(page))['.row'][0];
  await page.keyboard.press('j');
  const second = (await lit(page))['.row'][0];
  check(`${name}: j goes from step to step`, first !== undefined && second !== undefined && first !== second);
  await page.keyboard.press('k');
  check(`${name}: k goes back`, (await lit(page))['.row'][0] === first);
  await page.keyboard.press('Escape');
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await back();
  await page.keyboard.press('t');
  check(`${name}: t changes the theme`, await back() !== before);
  await page.keyboard.press('t');
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await page.reload();
  await page.keyboard.press('Tab');
  check(`${name}: the first stop of Tab is the way to the answer`, await page.evaluate(() => document.activeElement.className) === 'skip');
  await page.keyboard.press('Tab');
  check(`${name}: then the sections`, await page.evaluate(() => document.activeElement.closest('nav') !== null));
}

async function proven(page, name) {
  await press(page, '.proof a[data-m]');
  const now = await lit(page);
  check(`${name}: the proof leads to its message`, now['.message'].length > 0 && await count(page, '.message[open]') > 0);
  await page.keyboard.press('Escape');
  // It says so for a moment only: heard, not looked for.
  check(`${name}: a command is copied`, await page.$eval('.command button', (one) => new Promise((heard) => {
    new MutationObserver(() => heard(one.textContent === 'Copied')).observe(one, { childList: true });
    one.click();
  })));
  check(`${name}: the stage where it stopped is open`, await count(page, '.stage[open] .wide-chart .o-failed') > 0);
}

async function printed(page, name) {
  const pdf = await page.pdf({ format: 'A4', timeout: 0 });
  const pages = (Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  check(`${name}: prints to a PDF of some pages (${pages}, ${pdf.length} bytes)`, pages >= 2 && pdf.length > 30000);
}

async function without_script(browser, file) {
  const page = await open(browser, file, { script: false });
  const name = `${path.basename(file)} without a script`;
  for (const selector of ['h1', '.badge', '.stages li', '#timeline .row', '#certificates td', '#dns td', '#adapters td', '.decision li'])
    check(`${name}: ${selector} is there`, await count(page, selector) > 0);
  for (const [what, inside] of [['message', '.headers dd'], ['step', '.facts dd']]) {
    await page.focus(`.${what} > summary`);
    await page.keyboard.press('Enter');
    check(`${name}: a ${what} opens`, await count(page, `.${what}[open] ${inside}`) > 0);
  }
  await page.close();
}

async function narrow(browser, file, axe) {
  const page = await open(browser, file, { width: 390 });
  const name = `${path.basename(file)} at 390`;
  await page.$$eval('.stage, .step:nth-of-type(-n+12), .message', (all) => all.forEach((one) => { one.open = true; }));
  check(`${name}: nothing is wider than the screen`, await page.evaluate(() => document.documentElement.scrollWidth <= 390));
  check(`${name}: the narrow chart is shown`, await count(page, '.narrow-chart') > 0 && await count(page, '.wide-chart') === 0);
  await accessible(page, axe, name);
  await page.close();
}

async function inert(browser, file) {
  const page = await open(browser, file);
  const name = path.basename(file);
  await page.$$eval('details', (all) => all.forEach((one) => { one.open = true; }));
  await page.waitForFunction(() => !document.querySelector('.step noscript'), { polling: 100 });
  for (let i = 0; i < 12; ++i) await page.keyboard.press('j');
  check(`${name}: nothing of it became markup`, await page.evaluate(() => window.broken === undefined &&
    document.querySelectorAll('img, iframe, object, embed, form, textarea, link[rel=stylesheet], a[href^="javascript"], [onerror], [onload], [onmouseover]').length === 0 &&
    document.querySelectorAll('script').length === 1 && document.querySelectorAll('style').length === 1));
  check(`${name}: links lead nowhere else`, await page.$$eval('a', (all) => all.every((one) => /^#[a-z][a-z0-9-]*$/.test(one.getAttribute('href')))));
  check(`${name}: it is shown as it was said`, await page.evaluate(() => document.body.innerText.includes('<script>window.broken = 1</script>')));
  check(`${name}: evidence is shown as it was said`, await page.$$eval('.step .evidence td', (all) =>
    all.some((one) => one.textContent.includes('</noscript></title></textarea><svg onload=window.broken=1>'))));
  await page.close();
}

// Pages without a script: what changed between two runs, and all findings.
async function scriptless(browser, file, axe, dark) {
  const page = await open(browser, file, { dark });
  const name = path.basename(file);
  check(`${name}: has no script`, await page.$$eval('script', (all) => all.length) === 0);
  check(`${name}: every link leads to a place on it`, await page.$$eval('a', (all) =>
    all.every((one) => document.getElementById(one.getAttribute('href').slice(1)))));
  await accessible(page, axe, name);
  await page.setViewport({ width: 390, height: 900 });
  check(`${name}: nothing is wider than a narrow screen`, await page.evaluate(() => document.documentElement.scrollWidth <= 390));
  await page.close();
}

// What a cause is called leads to what it means, and from there to what looks like it.
async function explained(page, name) {
  const open = () => page.$$eval('details.explains[open] > .inside', (all) => all.map((one) => one.id));
  const id = await page.$eval('.cause .certainty a', (link) => link.getAttribute('href').slice(1));
  await page.$eval('.cause .certainty a', (link) => link.click());
  check(`${name}: the finding's id opens its explanation`, (await open()).join() === id);
  const other = await page.$eval(`[id="${id}"] p a`, (link) => link.getAttribute('href').slice(1));
  await page.$eval(`[id="${id}"] p a`, (link) => link.click());
  check(`${name}: a look-alike's name opens its own`, (await open()).includes(other) && await count(page, `[id="${other}"] p`) > 0);
}

function sizes(file) {
  const text = fs.readFileSync(file, 'utf8');
  const own = ['style', 'script'].map((tag) => text.match(new RegExp(`<${tag}>([^]*?)</${tag}>`))[1].length);
  console.log(`${path.basename(file)}: ${text.length} bytes, of these style ${own[0]}, script ${own[1]}`);
  check('style and script have 150 kB at most', own[0] + own[1] <= 150000);
  check('a healthy run has 700 kB at most', text.length <= 700000);
}

async function clicked_through(browser, file) {
  const name = path.basename(file);
  const page = await open(browser, file);
  await linked(page, name);
  await opened(page, name);
  await searched(page, name);
  await by_keys(page, name);
  if (await page.$('.proof')) {
    await proven(page, name);
    await explained(page, name);
  }
  await printed(page, name);
  await page.close();
}

// Judging takes seconds a page: each look of it once.
async function judged(browser, file, axe, dark) {
  const page = await open(browser, file, { dark });
  if (dark) await page.keyboard.press('j');
  await accessible(page, axe, `${path.basename(file)}, ${dark ? 'dark, with a step' : 'light'}`);
  await page.close();
}

async function main() {
  const { browser: executablePath, puppeteer, axe } = needed();
  fs.mkdirSync(folder, { recursive: true });
  const healthy = diagnosed('healthy'), failed = ['reg-504-edge-next-hop', 'tls-missing-intermediate'].map(diagnosed);
  sizes(healthy);
  const browser = await puppeteer.launch({ executablePath, headless: 'shell', args: ['--no-sandbox'], protocolTimeout: 0 });
  try {
    for (const file of [healthy, ...failed]) await clicked_through(browser, file);
    await judged(browser, healthy, axe, false);
    await judged(browser, failed[0], axe, true);
    await narrow(browser, failed[1], axe);
    await without_script(browser, failed[1]);
    await scriptless(browser, compared('healthy', 'tls-missing-intermediate'), axe, false);
    await scriptless(browser, reference(), axe, true);
    for (const name of ['healthy', 'tls-missing-intermediate']) await inert(browser, hostileReport(name));
  } finally {
    await browser.close();
  }
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  console.log(`${checks} checks, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

main().then((code) => { process.exitCode = code; }, (error) => {
  console.error(error);
  process.exitCode = 1;
});
