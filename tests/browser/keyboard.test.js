// Everything is done by keyboard, and the focus is seen.
import assert from "node:assert/strict";
import { FOCUSABLE, LISTS, SEARCH, eventually, none, onEachKind, quiet, visible, withPage } from "./pages.js";

/** How often Tab is pressed at most: a list of thousands of links is one kind of thing. */
const MOST_TABS = 250;

/** What a reader would take for the current thing of a list. */
const current = page => page.evaluate(() => {
  const marked = document.querySelector("[aria-current=true], [aria-selected=true]") ?? document.activeElement;
  return marked === document.body ? "" : `${[...document.querySelectorAll("*")].indexOf(marked)} ${marked.localName}`;
});

onEachKind("Tab reaches everything, and shows where it is", url => withPage(url, {}, async page => {
  await page.evaluate(selector => {
    // What moves by arrows gives all but one of its parts -1. What only claims to be a button has no index.
    const counts = it => it.tabIndex >= 0 || !it.hasAttribute("tabindex");
    const shown = it => it.checkVisibility({ visibilityProperty: true });
    const inOrder = [...document.querySelectorAll(selector)].filter(it => counts(it) && shown(it));
    const look = it => {
      const style = getComputedStyle(it);
      const outline = style.outlineStyle === "none" ? "" : style.outline;
      return [outline, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecoration].join("|");
    };
    // The focus may be shown on the row or the label around what has it.
    const looks = it => [it, it.closest("tr, li, label, details")].filter(Boolean).map(look).join("/");
    const before = new Map(inOrder.map(it => [it, looks(it)]));
    const name = it => (it.outerHTML.match(/^<[^>]*>/)?.[0] ?? it.localName).slice(0, 140);
    globalThis.tabbed = { inOrder, before, looks, name, reached: new Set(), unseen: [], covered: [] };
  }, FOCUSABLE);
  for (let step = 0; step < MOST_TABS; step++) {
    await page.keyboard.press("Tab");
    const again = await page.evaluate(() => {
      const { before, looks, name, reached, unseen, covered } = globalThis.tabbed, it = document.activeElement;
      if (it === document.body || reached.has(it)) return true;
      reached.add(it);
      if (before.has(it) && looks(it) === before.get(it)) unseen.push(name(it));
      const box = it.getClientRects()[0] ?? it.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const top = document.elementFromPoint(x, y);
      if (!top || !(it.contains(top) || top.contains(it))) covered.push(name(it));
      return false;
    });
    if (again) break;
  }
  const { missed, unseen, covered } = await page.evaluate(most => {
    const { inOrder, name, reached, unseen, covered } = globalThis.tabbed;
    return { missed: inOrder.slice(0, most).filter(it => !reached.has(it)).map(name), unseen, covered };
  }, MOST_TABS);
  none(missed, "things are not reached by Tab");
  none(unseen, "things do not show the focus");
  none(covered, "things have the focus where nobody sees them");
}));

onEachKind("/ leads to the search box, where letters are letters", (url, context) => withPage(url, {}, async page => {
  const [box] = await visible(page, SEARCH);
  if (!box) return context.skip("the page has none");
  await page.keyboard.press("/");
  assert.ok(await box.evaluate(it => it === document.activeElement));
  assert.equal(await box.evaluate(it => it.value), "", "the slash is typed");
  await page.keyboard.type("j/k?");
  assert.equal(await box.evaluate(it => it.value), "j/k?");
  await page.keyboard.press("Escape");
  assert.equal(await box.evaluate(it => it.value), "");
}));

onEachKind("j and k go on and back, Enter opens", (url, context, kind) => withPage(url, {}, async page => {
  await page.keyboard.press("j");
  const first = await current(page);
  if (!first && !LISTS.includes(kind)) return context.skip("the page has no list");
  assert.ok(first, "j goes nowhere");
  await page.keyboard.press("j");
  const second = await current(page);
  if (LISTS.includes(kind)) assert.notEqual(second, first, "j stays where it is");
  if (second !== first) {
    await page.keyboard.press("k");
    assert.equal(await current(page), first);
  }
  const state = () => page.evaluate(() => {
    const open = [...document.querySelectorAll("details")].map(it => it.open).join();
    const expanded = [...document.querySelectorAll("[aria-expanded]")].map(it => it.ariaExpanded).join();
    return location.href + open + expanded;
  });
  const before = await state();
  await page.keyboard.press("Enter");
  await eventually(async () => assert.notEqual(await state(), before, "Enter does nothing"));
}));

onEachKind("? shows the keys, Esc hides them", (url, context, kind) => withPage(url, {}, async page => {
  const HELP = "dialog, [role=dialog], [popover]";
  const dialogs = await page.$$(HELP);
  if (dialogs.length === 0 && kind !== "index") return context.skip("the page has no help");
  await page.keyboard.press("?");
  await quiet(page);
  assert.ok((await visible(page, HELP)).length > 0, "? shows nothing");
  await page.keyboard.press("Escape");
  await eventually(async () => assert.equal((await visible(page, HELP)).length, 0));
}));
