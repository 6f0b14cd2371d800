// Prints for each page or URL the milliseconds until its first paint with content: the median, the least and the most
// of five, each in a browser of its own. A page of another host paints late where no network is: with --offline, what
// leaves the machine is refused at once.
//
//     node tests/browser/first_paint.js [--offline] PAGE…
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.js";

const ROUNDS = 5;

/** The milliseconds from the navigation until the first paint with content, in a new browser. */
export async function firstPaint(url, { offline = false } = {}) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1400, height: 900 });
    const left = [];
    if (offline) {
      await page.setRequestInterception(true);
      page.on("request", request => {
        const stays = /^(file|data|blob|about):/.test(request.url());
        if (!stays) left.push(request.url());
        request[stays ? "continue" : "abort"]();
      });
    }
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: 120_000 });
    const milliseconds = await page.evaluate(() => new Promise(found => {
      const look = list => {
        const paint = list.getEntriesByName("first-contentful-paint")[0];
        if (paint) found(paint.startTime);
      };
      new PerformanceObserver(look).observe({ type: "paint", buffered: true });
    }));
    return { milliseconds, left };
  } finally {
    await browser.close();
  }
}

const given = process.argv.slice(2), offline = given.includes("--offline");
for (const name of given.filter(of => of !== "--offline")) {
  const url = /^\w+:\/\//.test(name) ? name : pathToFileURL(path.resolve(name)).href;
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await firstPaint(url, { offline }));
  const times = rounds.map(of => of.milliseconds).sort((one, other) => one - other);
  const of = at => times[at].toFixed(0);
  console.log(`${of(2)} ms (${of(0)} to ${of(4)}), ${rounds[0].left.length} requests refused: ${name}`);
}
