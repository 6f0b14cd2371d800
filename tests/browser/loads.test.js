// Pages open from a folder: nothing is asked of a network, the console is empty, and every link leads somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CHIP, LISTS, SEARCH, files, kindOf, none, onEachKind, open, pages, site, text, visible, withPage,
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

/** The links of a page, as a reader could follow them, with everything open. */
const links = page => page.evaluate(() => {
  for (const closed of document.querySelectorAll("details:not([open])")) closed.open = true;
  return [...document.querySelectorAll("a")].map(link => ({
    href: link.href instanceof SVGAnimatedString ? new URL(link.href.baseVal, document.baseURI).href : link.href,
    words: (link.textContent.trim() || link.getAttribute("aria-label") || "").slice(0, 60),
  }));
});

/** Whether a fragment shows an element; a page may make it only then. */
async function leads(page, fragment) {
  await page.evaluate(hash => { location.hash = hash; }, fragment);
  const shown = name => {
    const target = document.getElementById(name);
    return target?.checkVisibility() ?? false;
  };
  const name = decode(fragment.slice(1));
  return page.waitForFunction(shown, { timeout: 1_000, polling: 20 }, name).then(() => true, () => false);
}

const parsed = href => { try { return new URL(href); } catch { return undefined; } };
const decode = text => { try { return decodeURIComponent(text); } catch { return text; } };

/** Opens a page and all that it leads to, in the same site or page. Returns what is wrong, and the pages. */
async function crawl(start) {
  const wrong = [], reached = new Set(), fragments = new Map(), left = [start];
  while (left.length > 0 && reached.size < MOST) {
    const url = left.shift();
    if (reached.has(url)) continue;
    reached.add(url);
    const opened = await open(url);
    for (const line of [...opened.heard.console, ...opened.heard.left]) wrong.push(`${url}: ${line}`);
    for (const { href, words } of await links(opened.page)) {
      const target = parsed(href);
      if (!target) { wrong.push(`${url}: «${words}» leads nowhere: ${href}`); continue; }
      if (["https:", "mailto:", "data:", "blob:"].includes(target.protocol)) continue;
      if (target.protocol !== "file:") { wrong.push(`${url}: «${words}» is ${target.protocol}`); continue; }
      const { hash } = target;
      target.hash = "";
      const file = fileURLToPath(target);
      if (!existsSync(file)) { wrong.push(`${url}: «${words}» leads to ${file}, which is not there`); continue; }
      if (file.endsWith(".json")) JSON.parse(readFileSync(file, "utf8"));
      if (!file.endsWith(".html")) continue;
      if (site && url !== pages.get("run page") && path.relative(site, file).startsWith("..")) {
        wrong.push(`${url}: «${words}» leaves the site: ${file}`);
      }
      left.push(target.href);
      // What a fragment holds as `name=value` is a state and no place.
      if (hash.length > 1 && !/^#\?|=/.test(hash)) {
        fragments.set(target.href, (fragments.get(target.href) ?? new Map()).set(hash, url));
      }
    }
    await opened.close();
  }
  for (const [url, hashes] of fragments) {
    await withPage(url, {}, async page => {
      for (const [hash, from] of hashes) {
        if (!await leads(page, hash)) wrong.push(`${from}: ${url}${hash} shows nothing`);
      }
    });
  }
  return { wrong, reached };
}

it("every link of the site leads to something", { skip: !site && "KARAT_SITE is not set" }, async context => {
  const { wrong, reached } = await crawl(pathToFileURL(path.join(site, "index.html")).href);
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
  none((await crawl(pages.get("run page"))).wrong, "things are wrong");
});
