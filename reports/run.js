// Filter, search, expand. The page is whole without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = selector => document.querySelector(selector);
  const chips = all("[data-filter]"), input = one("input"), shown = one(".shown"), nothing = one(".none");
  const checks = all(".check").map(el => {
    const group = el.closest(".group"), suite = el.closest(".suite");
    const names = group.querySelector("h3").textContent + " " + suite.querySelector("h2").textContent;
    return { el, group, suite, text: (names + " " + el.textContent).toLowerCase() };
  });

  function apply() {
    const verdicts = chips.filter(chip => chip.ariaPressed === "true").map(chip => chip.dataset.filter);
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const filtering = verdicts.length > 0 || words.length > 0;
    const kept = new Set();
    let count = 0;
    for (const { el, group, suite, text } of checks) {
      const hit = (!verdicts.length || verdicts.includes(el.dataset.verdict)) && words.every(word => text.includes(word));
      el.hidden = !hit;
      if (hit) { count++; kept.add(group).add(suite); }
    }
    for (const el of all(".group, .suite")) el.hidden = filtering && !kept.has(el);
    shown.textContent = filtering ? `${count} of ${checks.length} checks` : "";
    nothing.hidden = !filtering || count > 0;
  }

  // A deep link opens its check, whatever the filter hides.
  function follow() {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* a stray % is part of the name */ }
    const target = name && document.getElementById(name);
    if (!target) return;
    const hidden = target.closest("[hidden]");
    if (hidden) {
      input.value = "";
      for (const chip of chips) chip.ariaPressed = "false";
      apply();
    }
    const check = target.closest(".check");
    if (check) {
      check.open = true;
      target.scrollIntoView();
    }
  }

  for (const chip of chips) {
    chip.disabled = false;
    chip.addEventListener("click", () => {
      chip.ariaPressed = chip.ariaPressed === "true" ? "false" : "true";
      apply();
    });
  }
  for (const button of all("[data-all]")) {
    button.addEventListener("click", () => {
      for (const { el } of checks) if (!el.hidden) el.open = button.dataset.all === "open";
    });
  }
  input.addEventListener("input", apply);
  addEventListener("keydown", event => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && event.target !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape" && event.target === input) {
      input.value = "";
      input.blur();
      apply();
    }
  });
  addEventListener("hashchange", follow);
  one(".scripted").hidden = false;
  apply(); // browsers keep the search text over a reload
  follow();
})();
