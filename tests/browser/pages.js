// What the tests share: the browser, the pages, how one is opened, and what a reader sees of it.
//
// KARAT_SITE is the folder of a site, KARAT_RUN_PAGE the page of one run; either may be missing. KARAT_CHROMIUM is the
// browser. Pages are found by their folder (`d/`, `r/`, …) and their parts by role and ARIA state, never by a class.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.js";

export const site = process.env.KARAT_SITE && path.resolve(process.env.KARAT_SITE);
const runPage = process.env.KARAT_RUN_PAGE && path.resolve(process.env.KARAT_RUN_PAGE);
if (!site && !runPage) throw new Error("KARAT_SITE or KARAT_RUN_PAGE says what to test");

export const SEARCH = "input[type=search], [role=searchbox], [role=search] input";
export const CHIP = "button[aria-pressed]";
export const LIVE = "[role=status], [aria-live=polite]";
export const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), " +
  "summary, [tabindex], [role=button], [role=link]";

/** The HTML files of a folder and those below it. */
export function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const whole = path.join(folder, entry.name);
    return entry.isDirectory() ? files(whole) : entry.name.endsWith(".html") ? [whole] : [];
  });
}

/** What a page of the site is: its folder, or for those of the first level their own name. */
export function kindOf(file) {
  return path.relative(site, file).split(path.sep)[0].replace(/\.html$/, "");
}

/** One page of each kind, the longest since it holds the most, and the single page of a run: kind → URL. */
export const pages = new Map();
if (site) {
  const longest = files(site).sort((one, other) => statSync(other).size - statSync(one).size);
  for (const file of longest) {
    if (!pages.has(kindOf(file))) pages.set(kindOf(file), pathToFileURL(file).href);
  }
}
if (runPage) pages.set("run page", pathToFileURL(runPage).href);

/** The kinds of pages that list things which are searched, filtered and gone through. */
export const LISTS = ["index", "runs", "r", "run page"];

/** Declares a test for each kind of page. */
export function onEachKind(name, test) {
  describe(name, () => {
    for (const [kind, url] of pages) it(kind, context => test(url, context, kind));
  });
}

let browser;
after(async () => (await browser)?.close());

/**
 * Opens a page in a profile of its own and waits until it is quiet. `heard` holds what it asked for and what the
 * console said. What leaves the machine is refused, and stands in `heard.left`.
 */
export async function open(url, { width = 1400, theme = "light", script = true, policy = true } = {}) {
  browser ??= launch();
  const context = await (await browser).createBrowserContext();
  const page = await context.newPage();
  const heard = { requests: [], left: [], console: [] };
  page.on("console", message => heard.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", error => heard.console.push(`error: ${error.message}`));
  page.on("requestfailed", request => heard.console.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  await page.setRequestInterception(true);
  page.on("request", request => {
    heard.requests.push(request.url());
    const stays = /^(file|data|blob|about):/.test(request.url());
    if (!stays) heard.left.push(request.url());
    request[stays ? "continue" : "abort"]();
  });
  await show(page, { width, theme });
  await page.setJavaScriptEnabled(script);
  if (!policy) await page.setBypassCSP(true);
  await page.goto(url, { waitUntil: "load" });
  if (script) await quiet(page);
  return { page, heard, close: () => context.close() };
}

/** Sets the width of the screen and the theme of the reader's system. */
export async function show(page, { width, theme }) {
  await page.setViewport({ width, height: width < 500 ? 740 : 900 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: theme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
}

/** Opens all that a page has folded. */
export async function openAll(page) {
  await page.$$eval("details:not([open])", all => all.forEach(closed => { closed.open = true; }));
  await quiet(page);
}

/** Opens a page, gives it to `use`, and closes it, whatever comes of that. */
export async function withPage(url, options, use) {
  const opened = await open(url, options);
  try {
    return await use(opened.page, opened.heard);
  } finally {
    await opened.close();
  }
}

/** Waits until nothing of the page is marked busy and its document has not changed for a while. */
export async function quiet(page, milliseconds = 60) {
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"), { timeout: 10_000 });
  await page.evaluate(wait => new Promise(done => {
    let timer = setTimeout(finish, wait);
    const limit = setTimeout(finish, 3_000);
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, wait); });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    function finish() { observer.disconnect(); clearTimeout(timer); clearTimeout(limit); done(); }
  }), milliseconds);
}

/** Repeats assertions until they hold, for two seconds: a page may wait before it filters. */
export async function eventually(assertions) {
  for (const end = Date.now() + 2_000; ;) {
    try {
      return await assertions();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(done => setTimeout(done, 25));
    }
  }
}

/** The elements of a selector that are shown, in the order of the document. */
export async function visible(page, selector) {
  const shown = [];
  for (const element of await page.$$(selector)) {
    if (await element.evaluate(it => it.checkVisibility({ visibilityProperty: true }))) shown.push(element);
  }
  return shown;
}

/** The text that is shown within `main`. */
export const text = page => page.$eval("main", main => main.innerText);

/** What the live regions say. */
export const live = page => page.$$eval(LIVE, all => all.map(it => it.textContent.trim()).filter(Boolean).join(" "));

/** The number that the live regions begin with: `12 of 139 checks`. */
export async function found(page) {
  const said = await live(page);
  const number = said.match(/\d[\d,\u202f ]*/)?.[0].replace(/\D/g, "");
  assert.ok(number || /^no\b|nothing/i.test(said), `the live region gives no number: ${JSON.stringify(said)}`);
  return Number(number ?? 0);
}

/** Fails with a list, unless it is empty. */
export function none(list, what) {
  assert.equal(list.length, 0, `${list.length} ${what}:\n${list.slice(0, 20).map(of => `  ${of}`).join("\n")}`);
}
