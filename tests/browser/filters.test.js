// Chips, search and sort: what they show, what they say, and that the address keeps it.
import assert from "node:assert/strict";
import { CHIP, LISTS, SEARCH, eventually, found, live, onEachKind, quiet, text, visible, withPage } from "./pages.js";

const NOWHERE = "zzqxnowhere";

const pressed = chip => chip.evaluate(it => it.getAttribute("aria-pressed") === "true");

/** Types over what is in the box. */
async function type(page, box, text) {
  await box.evaluate(it => { it.focus(); it.select(); });
  await page.keyboard.press("Backspace");
  await box.type(text);
}

/** Searches for what is nowhere, and returns the words of the last thing that this hides: it is listed. */
async function listed(page, box) {
  const items = "main :is(tr, summary, li, article)";
  await page.evaluate(of => {
    globalThis.shown = [...document.querySelectorAll(of)].filter(it => it.checkVisibility());
  }, items);
  await box.type(NOWHERE);
  const words = await eventually(async () => {
    const last = await page.evaluate(() => {
      const item = globalThis.shown.filter(it => !it.checkVisibility()).at(-1);
      if (!item) return undefined;
      // First what it is called: a link, or set off from what is said of it.
      const parts = [...item.querySelectorAll("a, code, bdi, strong, b, td, th"), ...item.children, item];
      return parts.flatMap(part => part.textContent.match(/[a-z][\w./-]+/gi) ?? []);
    });
    assert.ok(last, "nothing is hidden");
    return [...new Set(last.map(word => word.toLowerCase()))];
  });
  await type(page, box, "");
  return words;
}

/** Declares a test for the pages that have a tool. Those of `kinds` must have it; of others it is told that they do not. */
function onPagesWith(name, selector, test, kinds = []) {
  onEachKind(name, (url, context, kind) => withPage(url, {}, async page => {
    const tools = await visible(page, selector);
    if (tools.length === 0 && !kinds.includes(kind)) return context.skip("the page has none");
    assert.ok(tools.length > 0, `there is no ${selector}`);
    return test(page, tools);
  }));
}

onPagesWith("chips filter", CHIP, async (page, chips) => {
  const before = { text: await text(page), live: await live(page) };
  for (const chip of chips) {
    const says = Number((await chip.evaluate(it => it.innerText)).match(/\d[\d,]*/)?.[0].replace(/,/g, "") ?? NaN);
    await chip.focus();
    await page.keyboard.press("Space");
    await eventually(async () => {
      assert.ok(await pressed(chip));
      const count = await found(page);
      if (!Number.isNaN(says)) assert.equal(count, says, "the chip tells another number than what it shows");
    });
    assert.ok(await chip.evaluate(it => it === document.activeElement), "the chip loses the focus");
    await page.keyboard.press("Space");
    await eventually(async () => {
      assert.ok(!await pressed(chip));
      assert.equal(await live(page), before.live);
    });
  }
  assert.equal(await text(page), before.text);
}, LISTS);

onPagesWith("the search box filters, counts, and Esc clears it", SEARCH, async (page, [box]) => {
  const before = { text: await text(page), live: await live(page) };
  const words = await listed(page, box);
  await eventually(async () => assert.equal(await text(page), before.text));
  // Some of what it says of a thing may be no more than words; one of the first finds it.
  for (const word of words.slice(0, 8)) {
    await type(page, box, word);
    await eventually(async () => assert.notEqual(await live(page), before.live, `nothing is said of ${word}`));
    await quiet(page, 250);
    if (await found(page) > 0) break;
  }
  assert.ok(await found(page) > 0, `none of these is found, which are listed: ${words}`);
  const word = await box.evaluate(it => it.value);
  assert.ok((await text(page)).toLowerCase().includes(word), `${word} is found and not shown`);
  await box.type(NOWHERE);
  await eventually(async () => {
    assert.equal(await found(page), 0);
    assert.ok((await text(page)).length < before.text.length, "nothing is hidden");
  });
  await page.keyboard.press("Escape");
  await eventually(async () => {
    assert.equal(await box.evaluate(it => it.value), "");
    assert.equal(await live(page), before.live);
    assert.equal(await text(page), before.text);
  });
}, LISTS);

onPagesWith("the address keeps filters and search", SEARCH, async (page, [box]) => {
  const [chip] = await visible(page, CHIP);
  const [word] = await listed(page, box);
  await box.type(word);
  await chip?.click();
  await quiet(page, 300);
  const state = async () => ({
    live: await live(page),
    pressed: await page.$$eval(CHIP, all => all.map(it => it.getAttribute("aria-pressed"))),
    search: await page.$eval(SEARCH, it => it.value),
    // A minute may pass.
    text: (await text(page)).replace(/just now|\d+ minutes? ago/g, "now"),
  });
  const before = await state();
  assert.match(page.url(), /#./, "the address is as it was");
  // A chip may write its filter into the box, too.
  assert.ok(before.search.includes(word), before.search);
  // Somebody else opens the link: nothing of this tab is there but the address.
  await withPage(page.url(), {}, async other => {
    await quiet(other, 150);
    assert.equal(await other.$eval(SEARCH, it => it.value), before.search);
    assert.equal(await live(other), before.live);
  });
  await page.reload({ waitUntil: "load" });
  await quiet(page, 150);
  assert.deepEqual(await state(), before);
}, LISTS);

onPagesWith("columns sort", "th button", async (page, buttons) => {
  for (const button of buttons) {
    // Each body is a list of its own; what is sorted by may be told otherwise than in words.
    const column = () => button.evaluate(it => {
      const head = it.closest("th"), table = head.closest("table"), at = head.cellIndex;
      const rows = body => [...body.rows].filter(row => row.checkVisibility() && row.cells.length > at);
      const cells = body => rows(body).map(row => row.cells[at]);
      const text = cell => cell.innerText.trim() || cell.dataset.key || "";
      const sorted = table.querySelectorAll("th[aria-sort=ascending], th[aria-sort=descending]").length;
      return { sort: head.ariaSort, lists: [...table.tBodies].map(body => cells(body).map(text)), sorted };
    });
    const sorted = async () => {
      const before = (await column()).sort;
      await button.click();
      await eventually(async () => assert.notEqual((await column()).sort, before, "aria-sort stays"));
      await quiet(page);
      const { sort, lists, sorted } = await column();
      assert.match(sort ?? "none", /^(ascending|descending)$/);
      assert.equal(sorted, 1, "it is sorted by one column");
      // Cells without a value come last, both ways.
      return { sort, lists: lists.map(cells => cells.filter(cell => !/^([–—-]?|null|empty string)$/.test(cell))) };
    };
    const one = await sorted(), other = await sorted();
    assert.notEqual(one.sort, other.sort);
    const [up, down] = one.sort === "ascending" ? [one, other] : [other, one];
    up.lists.forEach((ascending, place) => {
      const descending = down.lists[place];
      // A list that shows only its beginning begins elsewhere the other way round.
      const whole = [...ascending].sort().join("\n") === [...descending].sort().join("\n");
      if (whole) assert.deepEqual(ascending, [...descending].reverse());
      else assert.notDeepEqual(ascending[0], descending[0]);
      const numbers = ascending.map(cell => Number(cell.replace(/[,\s%]/g, "")));
      if (!numbers.some(Number.isNaN)) assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b), "9 comes before 10");
    });
  }
}, ["runs", "r", "run page"]);
