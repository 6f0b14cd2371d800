// Readers with other eyes, tools and screens: axe finds nothing, no page is wider than the screen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { none, onEachKind, openAll, show, withPage } from "./pages.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on a page as it stands, a line each. */
async function violations(page) {
  await page.evaluate(AXE);
  const { violations, passes, incomplete } = await page.evaluate(tags => axe.run(document, {
    runOnly: { type: "tag", values: tags },
    rules: { "target-size": { enabled: true } },
    resultTypes: ["violations"],
  }), TAGS);
  const ran = [...passes, ...violations, ...incomplete].map(rule => rule.id);
  for (const rule of ["color-contrast", "target-size"]) assert.ok(ran.includes(rule), `${rule} has not run`);
  return violations.flatMap(({ id, nodes }) => nodes.map(node => {
    const why = node.failureSummary.replace(/\s+/g, " ");
    return `${id}: ${node.target.join(" ")}\n    ${node.html.slice(0, 160)}\n    ${why}`;
  }));
}

// The policy would refuse the styles that axe brings along; all else is tested under it.
onEachKind("axe finds nothing, light or dark, wide or narrow", url => withPage(url, { policy: false }, async page => {
  const found = [];
  const look = async (theme, width, state) => {
    await show(page, { theme, width });
    found.push(...(await violations(page)).map(of => `${theme}, ${width} px, ${state}: ${of}`));
  };
  for (const theme of ["light", "dark"]) for (const width of [1400, 360]) await look(theme, width, "as it opens");
  await openAll(page);
  await look("dark", 360, "all open");
  await look("light", 1400, "all open");
  none(found, "violations");
}));

for (const width of [360, 320]) {
  onEachKind(`fits ${width} px`, url => withPage(url, { width }, async page => {
    await openAll(page);
    const wide = await page.evaluate(() => {
      const most = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= most) return [];
      // What scrolls by itself may hold what is wider.
      const scrolls = it => it && (getComputedStyle(it).overflowX !== "visible" || scrolls(it.parentElement));
      const name = it => `${it.localName}.${it.getAttribute("class") ?? ""} to ${it.getBoundingClientRect().right}`;
      const out = it => it.getBoundingClientRect().right > most + 1 && !scrolls(it.parentElement);
      const those = [...document.body.querySelectorAll("*")].filter(out).map(name);
      return [`${document.documentElement.scrollWidth} of ${most} px`, ...those];
    });
    none(wide, "things are too wide");
  }));
}
