// Pages open from a folder: nothing is asked of a network, the console is empty, and every link leads somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CHIP, LISTS, SEARCH, files, kindOf, none, onEachKind, open, openAll, pages, quiet, site, text, visible, withPage,
} from "./pages.js";

/** How many pages are opened at most to follow their links. */
const MOST = 400;

const VERDICTS = /\b(pass(ed|es)?|fail(ed|s|ing)?|warn(ed|ing)?|block(ed|s)?|error(ed)?|skip(ped)?)\b/i;

onEachKind("opens", url => withPage(url, {}, async (page, heard) => {
  none(heard.left, "requests leave the machine");
  none(heard.console, "lines on the console");
  assert.match(await page.title(), /\S/);
  assert.equal(await page.$eval("html", html => html.lang), "en");
  const policy = await page.$eval("meta[http-equiv=Content-Security-Policy]", meta => meta.content);
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-|https?:|\*/);
  assert.match(await text(page), /\S/);
}));

onEachKind("is read without a script", (url, _, kind) => withPage(url, { script: false }, async (page, heard) => {
  none(heard.console, "lines on the console");
  assert.match(await text(page), LISTS.includes(kind) || kind === "d" ? VERDICTS : /\S/);
  for (const selector of [SEARCH, CHIP]) {
    const tools = await visible(page, selector);
    const enabled = await Promise.all(tools.map(tool => tool.evaluate(it => !it.disabled)));
    assert.ok(!enabled.includes(true), `${selector} is shown and can do nothing`);
  }
}));

/** The links of a page with everything open. */
async function links(page) {
  await openAll(page);
  return page.$$eval("a", all => all.map(link => ({
    href: link.href instanceof SVGAnimatedString ? new URL(link.href.baseVal, document.baseURI).href : link.href,
    words: (link.textContent.trim() || link.getAttribute("aria-label") || "").slice(0, 60),
  })));
}

/** Those of some fragments that show no element, waiting a second for each: a page may make it only then. */
const leadNowhere = (page, fragments) => page.evaluate(async all => {
  const decoded = text => { try { return decodeURIComponent(text); } catch { return text; } };
  const nowhere = [];
  for (const fragment of all) {
    location.hash = fragment;
    const shown = () => document.getElementById(decoded(fragment.slice(1)))?.checkVisibility() ?? false;
    const end = Date.now() + 1_000;
    do await new Promise(done => setTimeout(done)); while (!shown() && Date.now() < end);
    if (!shown()) nowhere.push(fragment);
  }
  return nowhere;
}, fragments);

/** What is wrong with a link by its address and its file, or else the page that it leads to and the place there. */
function followed(href) {
  let target;
  try { target = new URL(href); } catch { return { wrong: `leads nowhere: ${href}` }; }
  if (["https:", "mailto:", "data:", "blob:"].includes(target.protocol)) return {};
  if (target.protocol !== "file:") return { wrong: `is ${target.protocol}` };
  const place = target.hash;
  target.hash = "";
  const file = fileURLToPath(target);
  if (!existsSync(file)) return { wrong: `leads to ${file}, which is not there` };
  if (file.endsWith(".json")) JSON.parse(readFileSync(file, "utf8"));
  if (!file.endsWith(".html")) return {};
  // What a fragment holds as `name=value` is a state and no place.
  return { file, page: target.href, place: place.length > 1 && !/^#\?|=/.test(place) ? place : undefined };
}

/** Opens a page and all that it leads to. Returns what is wrong, and the pages. */
async function crawl(start, folder) {
  const wrong = [], reached = new Set(), places = new Map(), left = [start];
  const { page, heard, close } = await open(start);
  while (left.length > 0 && reached.size < MOST) {
    const url = left.shift();
    if (reached.has(url)) continue;
    reached.add(url);
    if (url !== start) await page.goto(url, { waitUntil: "load" });
    for (const { href, words } of await links(page)) {
      const found = followed(href);
      if (found.wrong) wrong.push(`${url}: «${words}» ${found.wrong}`);
      if (!found.page) continue;
      if (path.relative(folder, found.file).startsWith("..")) wrong.push(`${url}: «${words}» leaves ${folder}`);
      left.push(found.page);
      if (!places.has(found.page)) places.set(found.page, new Map());
      if (found.place) places.get(found.page).set(found.place, url);
    }
    for (const lines of [heard.console, heard.left]) wrong.push(...lines.splice(0).map(line => `${url}: ${line}`));
  }
  for (const [url, from] of places) {
    if (from.size === 0) continue;
    await page.goto(url, { waitUntil: "load" });
    await quiet(page);
    for (const place of await leadNowhere(page, [...from.keys()])) {
      wrong.push(`${from.get(place)}: ${url}${place} shows nothing`);
    }
  }
  await close();
  return { wrong, reached };
}

it("every link of the site leads to something", { skip: !site && "KARAT_SITE is not set" }, async context => {
  const { wrong, reached } = await crawl(pathToFileURL(path.join(site, "index.html")).href, site);
  context.diagnostic(`${reached.size} pages opened`);
  none(wrong, "things are wrong");
  if (reached.size < MOST) {
    const kinds = new Set([...reached].map(url => kindOf(fileURLToPath(url))));
    assert.deepEqual([...kinds].sort(), [...new Set(files(site).map(kindOf))].sort(), "kinds that nothing leads to");
    const alone = files(site).filter(file => kindOf(file) !== "r" && !reached.has(pathToFileURL(file).href));
    none(alone, "pages that nothing leads to");
  }
});

const without = !pages.has("run page") && "KARAT_RUN_PAGE is not set";
it("every link of a run's page leads to something", { skip: without }, async () => {
  const start = pages.get("run page");
  none((await crawl(start, path.dirname(fileURLToPath(start)))).wrong, "things are wrong");
});
