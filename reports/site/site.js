// Filters, lists and times of a site. Every page but the list of runs is whole without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const { kind, root } = document.body.dataset;
  const SYMBOL = { pass: "✓", fail: "✗", warn: "!", error: "?", skip: "⊘" };
  const GATE = { pass: "open", warn: "open", fail: "blocked", error: "could not tell", skip: "skipped" };
  const LETTER = { p: "pass", w: "warn", f: "fail", e: "error", s: "skip" };
  const thousands = number => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const made = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // Times: how long ago, with the exact one in the title.
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  function ago(then) {
    const seconds = (then - Date.now()) / 1000;
    for (const [unit, length] of [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
      if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
    }
    return "just now";
  }
  function tellTimes(from) {
    for (const time of all("time", from)) {
      const then = new Date(time.dateTime);
      if (isNaN(then)) continue;
      time.title = time.textContent;
      time.textContent = ago(then);
    }
  }

  // Queries: words, and `name:value` for what an item has of its own. `v:fail` or `v:fail,error`.
  const FIELDS = { v: "v", verdict: "v", layer: "layer", col: "col", column: "col", sev: "sev", severity: "sev", tag: "tag", owner: "owner" };
  const parsed = text => text.toLowerCase().split(/\s+/).filter(Boolean).map(word => {
    const colon = word.indexOf(":");
    const field = colon > 0 && FIELDS[word.slice(0, colon)];
    return field ? { field, values: word.slice(colon + 1).split(",").filter(Boolean) } : { word };
  });
  function fits(terms, words, fields) {
    return terms.every(({ field, values, word }) => {
      if (!field) return words.includes(word);
      const own = (fields[field] || "").toLowerCase();
      return !values.length || values.some(value => field === "v" ? own === value : own.includes(value));
    });
  }

  const input = one("input"), shown = one(".shown"), nothing = one(".none"), chips = all("[data-filter]");
  const items = all("[data-item]").map(element => {
    const group = element.closest("[data-group]");
    const heading = group ? one("h2, .group", group) : null;
    const words = [element.textContent, element.dataset.words || "", heading ? heading.textContent : ""];
    return { element, group, words: words.join(" ").toLowerCase() };
  });
  let runs = null;

  function filter(text) {
    const terms = parsed(text);
    for (const chip of chips) chip.ariaPressed = String(terms.some(term => term.field && chip.dataset.filter === `${term.field}:${term.values}`));
    let count = 0, of = items.length;
    if (runs) {
      [count, of] = runs(terms);
    } else {
      const kept = new Set();
      for (const { element, group, words } of items) {
        const hit = fits(terms, words, element.dataset);
        element.hidden = !hit;
        if (hit) { count++; kept.add(group); }
      }
      for (const group of all("[data-group]")) group.hidden = terms.length > 0 && !kept.has(group);
    }
    shown.textContent = terms.length ? `${thousands(count)} of ${thousands(of)}` : "";
    nothing.hidden = !terms.length || count > 0;
    return count;
  }

  // The filter stands in the address, so that a link to what is seen can be sent.
  const asked = () => {
    const hash = location.hash;
    return hash.startsWith("#?") ? new URLSearchParams(hash.slice(2)).get("q") || "" : "";
  };
  function ask(text) {
    input.value = text;
    const address = text ? "#?" + new URLSearchParams({ q: text }) : "#";
    history.replaceState(null, "", address);
    const count = filter(text);
    const first = text && count && one("[data-item]:not([hidden])");
    if (first && first.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
  }
  input.addEventListener("input", () => ask(input.value));
  for (const chip of chips) {
    chip.disabled = false;
    chip.addEventListener("click", () => {
      const rest = input.value.split(/\s+/).filter(word => word && word !== chip.dataset.filter);
      const was = chip.ariaPressed === "true";
      ask([...rest, ...(was ? [] : [chip.dataset.filter])].join(" "));
    });
  }
  addEventListener("hashchange", () => { input.value = asked(); filter(input.value); });

  // Keys.
  function move(step) {
    const links = all("[data-item]:not([hidden]) a:first-of-type, #rows a").filter(link => link.offsetParent);
    const firsts = [...new Set(links.map(link => link.closest("[data-item], tr")))].map(item => one("a", item));
    const here = firsts.findIndex(link => link.closest("[data-item], tr").contains(document.activeElement));
    const next = firsts[here < 0 ? (step > 0 ? 0 : firsts.length - 1) : here + step];
    if (next) next.focus();
  }
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { ask(""); if (document.activeElement === input) input.blur(); return; }
    if (event.target === input) return;
    if (event.key === "/") { event.preventDefault(); input.focus(); input.select(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });

  // Light or dark, for as long as the tab lives.
  const theme = name => { if (name) document.documentElement.dataset.theme = name; };
  const stored = (name, value) => {
    try { return value === undefined ? sessionStorage.getItem(name) : sessionStorage.setItem(name, value); } catch { return null; }
  };
  theme(stored("theme"));
  one(".theme").addEventListener("click", () => {
    const isDark = (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    theme(isDark ? "light" : "dark");
    stored("theme", isDark ? "light" : "dark");
  });

  // How promises were kept: the same on the pages of suites and of expectations.
  function strip(verdicts) {
    const heights = { p: 3, w: 9, f: 16, e: 16 }, step = 6;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const bad = [...verdicts].filter(letter => letter === "f" || letter === "e").length;
    svg.setAttribute("class", "strip");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", bad ? `broken in ${bad} of the last ${verdicts.length} runs` : `kept in the last ${verdicts.length} runs`);
    svg.setAttribute("width", verdicts.length * step);
    svg.setAttribute("height", 16);
    for (const [letter, height] of Object.entries(heights)) {
      const bars = [...verdicts].map((of, place) => of === letter ? `M${place * step} ${16 - height}v${height}h4v-${height}z` : "").join("");
      if (!bars) continue;
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", LETTER[letter]);
      path.setAttribute("d", bars);
      svg.append(path);
    }
    return svg;
  }
  function keep(datasets) {
    const bySuite = new Map(datasets.map(dataset => [dataset.suite, dataset]));
    for (const item of all("[data-check]")) {
      const dataset = bySuite.get(item.dataset.suite);
      const check = dataset && dataset.checks.find(check => check.id === item.dataset.check);
      const place = one(".kept", item);
      if (!check) { place.textContent = "not in the last run"; continue; }
      const verdict = LETTER[check.verdicts.at(-1)] || "skip";
      item.dataset.v = verdict;
      place.append(strip(check.verdicts), " ");
      const words = { pass: "kept", warn: "kept, with a warning", fail: "broken now", error: "could not be told", skip: "not asked" }[verdict];
      place.append(made("b", `${SYMBOL[verdict]} ${words}`, verdict));
      if (check.broken && verdict !== "fail") place.append(`, last broken ${ago(new Date(check.broken))}`);
      else if (!check.broken) place.append(", never broken in the runs that are known");
    }
    for (const place of all("[data-kept]")) {
      const dataset = bySuite.get(place.dataset.kept);
      if (!dataset) continue;
      const broken = dataset.checks.filter(check => "fe".includes(check.verdicts.at(-1))).length;
      place.textContent = broken ? `${dataset.checks.length - broken} of ${dataset.checks.length} promises are kept` : `all ${dataset.checks.length} promises are kept`;
      place.className = broken ? "fail" : "pass";
    }
  }

  // The list of runs.
  const PAGE = 200;
  function list(now) {
    const body = one("#rows"), more = one("#more");
    let known = [], sealed = now.sealed, most = PAGE, terms = [], sort = { by: "id", down: true };
    const add = lines => {
      known = known.concat(lines.map(run => ({
        ...run,
        name: run.suites.map(suite => suite.suite).join(" "),
        checks: run.statistics.checks,
        failed: run.statistics.failed + run.statistics.errored,
        words: `${run.id} ${run.started_at} ${run.suites.map(suite => suite.suite).join(" ")}`.toLowerCase(),
        layer: run.suites.map(suite => suite.layer || "").join(" "),
      })));
    };
    const row = run => {
      const tr = made("tr"), gate = made("td"), when = made("td"), link = made("a"), time = made("time");
      const badge = made("span", undefined, `badge ${run.gate}`), symbol = made("span", SYMBOL[run.gate], "sym");
      symbol.ariaHidden = "true";
      badge.append(symbol, ` ${GATE[run.gate]}`);
      gate.append(badge);
      time.dateTime = run.started_at;
      time.textContent = run.started_at.slice(0, 16).replace("T", " ") + " UTC";
      link.href = `r/${run.id}.html`;
      link.append(time);
      when.append(link);
      tr.append(gate, when);
      tr.append(made("td", run.suites.length === 1 ? run.suites[0].suite : `${run.suites.length} datasets`));
      for (const number of [run.failed, run.checks]) tr.append(made("td", thousands(number), "num"));
      tr.append(made("td", `${(run.elapsed_ms / 1000).toFixed(2)} s`, "num"));
      return tr;
    };
    const show = () => {
      const hits = known.filter(run => fits(terms, run.words, { v: run.gate, layer: run.layer }));
      const order = (left, right) => left < right ? -1 : left > right ? 1 : 0;
      hits.sort((left, right) => (sort.down ? -1 : 1) * order(left[sort.by], right[sort.by]) || order(right.id, left.id));
      body.replaceChildren(...hits.slice(0, most).map(row));
      tellTimes(body);
      more.hidden = hits.length <= most && sealed === 0;
      return [hits.length, now.runs];
    };
    // Older parts are loaded when they are asked for, all at once when the whole list is filtered or sorted otherwise.
    const load = whole => {
      if (sealed === 0) return;
      const script = made("script");
      script.src = `${root}runs/${sealed--}.js`;
      script.onload = () => { again(); if (whole) load(true); };
      document.head.append(script);
    };
    const again = () => filter(input.value);
    karat.part = lines => add(lines);
    more.addEventListener("click", () => { most += PAGE; if (known.length < most) load(false); again(); });
    for (const button of all("[data-sort]")) {
      button.addEventListener("click", () => {
        const by = button.dataset.sort;
        sort = { by, down: sort.by === by ? !sort.down : true };
        for (const th of all("[aria-sort]")) th.ariaSort = "none";
        button.closest("th").ariaSort = sort.down ? "descending" : "ascending";
        if (by !== "id") load(true);
        again();
      });
    }
    runs = of => { terms = of; if (terms.length) load(true); return show(); };
    add(now.newest);
    again();
  }

  window.karat = {
    // `now.js` and the parts of the list call these with what they hold.
    now(now) { if (kind === "runs") list(now); else { keep(now.datasets); filter(input.value); } },
    part() {},
  };

  for (const scripted of all(".scripted")) scripted.hidden = false;
  tellTimes(document);
  input.value = asked();
  filter(input.value);
})();
