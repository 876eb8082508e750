// How long a page takes to be there and to answer a click: click_bench.js PAGE
'use strict';
const { pathToFileURL } = require('url');
const puppeteer = require('puppeteer-core');

const frames = 'window.afterFrames = (count) => new Promise((done) => requestAnimationFrame(() => (count > 1 ? window.afterFrames(count - 1).then(done) : done())))';
// What is clicked is in view, as for whoever clicks.
const seen = ([selector, place]) => {
  const one = document.querySelectorAll(selector)[place];
  one.closest('section').scrollIntoView();
  one.scrollIntoView({ block: 'nearest' });
  return window.afterFrames(3);
};
// From the click to the second frame after it: by then what it changed has been drawn.
const clicked = async ([selector, place]) => {
  const began = performance.now();
  document.querySelectorAll(selector)[place].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  await window.afterFrames(2);
  return performance.now() - began;
};

// The processor time that the page's thread has spent so far, and on what, in ms.
async function spent(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => 1000 * metrics.find((one) => one.name === `${name}Duration`).value;
  return { all: of('Task'), script: of('Script'), style: of('RecalcStyle'), layout: of('Layout') };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function main(file) {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium-headless-shell', headless: 'shell', args: ['--no-sandbox'], protocolTimeout: 600000 });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600000);
    await page.setViewport({ width: 1280, height: 900 });
    const session = await page.createCDPSession();
    const began = performance.now();
    await page.evaluateOnNewDocument(frames);
    await page.goto(pathToFileURL(file).href);
    const there = performance.now() - began, elements = await page.evaluate(() => document.querySelectorAll('*').length);
    console.log(`  in Chromium: ${elements} elements, there after ${there.toFixed(0)} ms`);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const times = [], costs = [];
    for (const place of [1, 200, 900, 1500, 20])
      for (const [selector, at] of [['.row', place], ['.message > summary', place / 5 | 0]]) {
        await page.evaluate(seen, [selector, at]);
        const before = await spent(session);
        times.push(await page.evaluate(clicked, [selector, at]));
        const after = await spent(session);
        costs.push(Object.fromEntries(Object.keys(after).map((what) => [what, after[what] - before[what]])));
      }
    const cost = (what) => median(costs.map((one) => one[what])).toFixed(0);
    console.log(`  a click is answered within ${median(times).toFixed(0)} ms (median), ${Math.max(...times).toFixed(0)} ms (slowest); two frames are 33 ms`);
    console.log(`  its processor time: ${cost('all')} ms, of these script ${cost('script')}, style ${cost('style')}, layout ${cost('layout')}`);
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
