// Dark and light, and paper.
import assert from "node:assert/strict";
import { CHIP, SEARCH, onEachKind, text, visible, withPage } from "./pages.js";

/** How light the page is behind its text, from 0 (black) to 1. */
const lightness = page => page.evaluate(() => {
  const colours = [document.body, document.documentElement].map(it => getComputedStyle(it).backgroundColor);
  const colour = colours.find(it => !/, 0\)$/.test(it)) ?? "rgb(255, 255, 255)";
  const [red, green, blue, opacity = 1] = colour.match(/[\d.]+/g).map(Number);
  return opacity * (red + green + blue) / 765;
});

onEachKind("is light or dark as the reader's system", async url => {
  const shown = {};
  for (const theme of ["light", "dark"]) {
    shown[theme] = await withPage(url, { theme }, async page => {
      return { light: await lightness(page), picture: await page.screenshot() };
    });
  }
  assert.ok(shown.light.light > .85 && shown.dark.light < .2, `${shown.light.light} and ${shown.dark.light}`);
  assert.notDeepEqual(shown.light.picture, shown.dark.picture);
});

onEachKind("is printed light, without its tools", url => withPage(url, { theme: "dark" }, async page => {
  await page.emulateMediaType("print");
  assert.ok(await lightness(page) > .95, "the paper is dark");
  assert.match(await text(page), /\S/);
  for (const tool of [SEARCH, CHIP]) assert.equal((await visible(page, tool)).length, 0, `${tool} is printed`);
  const paper = Buffer.from(await page.pdf({ format: "A4" }));
  assert.equal(paper.subarray(0, 5).toString(), "%PDF-");
  assert.ok(paper.length > 5_000, `${paper.length} bytes`);
}));
