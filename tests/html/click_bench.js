// How long a page takes to be there and to answer a click: click_bench.js PAGE
'use strict';
const { pathToFileURL } = require('url');
const puppeteer = require('puppeteer-core');

// From the click to the second frame after it: by then what it changed has been drawn.
const clicked = (selector) => new Promise((done) => {
  const began = performance.now();
  document.querySelector(selector).dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
});

async function main(file) {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium-headless-shell', headless: 'shell', args: ['--no-sandbox'], protocolTimeout: 600000 });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600000);
    const began = performance.now();
    await page.goto(pathToFileURL(file).href);
    console.log(`  in Chromium: there after ${(performance.now() - began).toFixed(0)} ms`);
    const times = [];
    for (const place of [1, 200, 900, 1500, 20])
      for (const kind of ['.row', '.message > summary'])
        times.push(await page.evaluate(clicked, `li:nth-child(${kind === '.row' ? place : place / 5 | 0 || 1}) ${kind}`));
    times.sort((a, b) => a - b);
    console.log(`  a click is answered within ${times[times.length >> 1].toFixed(0)} ms (median), ${times[times.length - 1].toFixed(0)} ms (slowest); two frames are 33 ms`);
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
