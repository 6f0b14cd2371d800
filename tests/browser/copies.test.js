// What is copied of a failed check, for an issue: what comes from data or from a suite is code there, whatever it says.
import assert from "node:assert/strict";
import { eventually, onEachKind, visible, withPage } from "./pages.js";

const HOSTILE = "``` @team <img src=x> [x](javascript:y) ~~~";

/** The kinds of pages that show checks with their failing rows. */
const RUNS = ["r", "run page"];

/** The page's button with this text that is shown first, or none. */
async function button(page, label) {
  for (const found of await visible(page, "button")) {
    if (await found.evaluate((it, label) => it.textContent.trim() === label, label)) return found;
  }
  return undefined;
}

/** Pastes what was copied, as its reader would. */
async function pasted(page) {
  await page.evaluate(() => {
    const area = document.createElement("textarea");
    document.body.append(area);
    area.focus();
  });
  await page.keyboard.down("Control");
  await page.keyboard.press("KeyV");
  await page.keyboard.up("Control");
  return page.evaluate(() => {
    const area = [...document.querySelectorAll("textarea")].at(-1), { value } = area;
    area.remove();
    return value;
  });
}

/** What a reader of Markdown does not take for code: neither blocks between fences, nor spans between as many backticks. */
function outsideCode(markdown) {
  const lines = [];
  let fence = null;
  for (const line of markdown.split("\n")) {
    const ticks = line.match(/^`{3,}/)?.[0];
    if (fence === null && ticks && !line.slice(ticks.length).includes("`")) fence = ticks;
    else if (fence === null) lines.push(line);
    else if (ticks && ticks.length >= fence.length && line.trim() === ticks) fence = null;
  }
  assert.equal(fence, null, `a block does not end:\n${markdown}`);
  return lines.join("\n").replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "");
}

onEachKind("a failed check is copied as an issue", (url, context, kind) => {
  if (!RUNS.includes(kind)) return context.skip("it has no checks with rows");
  return withPage(url, {}, async page => {
    const copy = await button(page, "copy as issue");
    assert.ok(copy, "no failed check that is open offers it");
    const check = await copy.evaluateHandle(it => it.closest("details"));
    const said = await check.evaluate(it => ({
      // What names the rows stands first.
      keys: [...it.querySelectorAll("tbody td:first-child bdi")].map(value => value.textContent),
      id: it.querySelector("a[href^='#']").textContent,
      command: it.querySelector("pre > code")?.textContent,
    }));
    await copy.click();
    await eventually(async () => assert.match(await copy.evaluate(it => it.textContent), /copied/));
    const markdown = await pasted(page);
    assert.match(markdown, /^### `[^`]+`: `[^`]+`: (fail|error|warn)\n/);
    for (const part of [said.id, said.command, ...said.keys].filter(Boolean)) assert.ok(markdown.includes(part), `${part} is missing:\n${markdown}`);
    assert.doesNotMatch(outsideCode(markdown), /[<>[\]@\\*_|]/);

    await check.evaluate((it, hostile) => {
      for (const text of it.querySelectorAll("bdi, code")) text.append(` ${hostile}`);
    }, HOSTILE);
    await eventually(async () => assert.match(await copy.evaluate(it => it.textContent), /issue/));
    await copy.click();
    await eventually(async () => assert.match(await copy.evaluate(it => it.textContent), /copied/));
    const taken = await pasted(page);
    assert.ok(taken.includes(HOSTILE), taken);
    assert.doesNotMatch(outsideCode(taken), /[<>[\]@\\*_|]/);
  });
});

onEachKind("nothing is offered that only the script can do", url => withPage(url, { script: false }, async page => {
  const offered = await visible(page, "button:not([disabled]):not([popovertarget])");
  assert.equal(offered.length, 0, "buttons do nothing");
}));
