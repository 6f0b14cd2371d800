// Filters and lists of a site. Every page but the list of runs is whole without it.
(() => {
  const { all, one, make, SIGN, read, fits, press, toggled, asked, remember, ago, tellTimes, heads, sortable, theme, keys } = shared;
  const { kind, root } = document.body.dataset;
  const GATE = { pass: "open", warn: "open", fail: "blocked", error: "could not tell", skip: "skipped" };
  const LETTER = { p: "pass", w: "warn", f: "fail", e: "error", s: "skip" };
  const thousands = number => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

  const input = one("input"), shown = one(".shown"), nothing = one(".none"), chips = all("[data-term]");
  const items = all("[data-item]").map(element => {
    const group = element.closest("[data-group]");
    const heading = group ? one("h2, .group", group) : null;
    const words = [element.textContent, element.dataset.words || "", heading ? heading.textContent : ""];
    return { element, group, text: words.join(" ").toLowerCase() };
  });
  const own = ({ element, text }) => {
    const fields = { text };
    for (const [name, value] of Object.entries(element.dataset)) fields[name] = value.toLowerCase();
    return fields;
  };
  let runs = null;

  function filter(query) {
    const terms = read(query);
    press(chips, query);
    let count = 0, of = items.length;
    if (runs) {
      [count, of] = runs(terms);
    } else {
      const kept = new Set();
      for (const item of items) {
        const hit = fits(own(item), terms);
        item.element.hidden = !hit;
        if (hit) { count++; kept.add(item.group); }
      }
      for (const group of all("[data-group]")) group.hidden = terms.length > 0 && !kept.has(group);
    }
    shown.textContent = terms.length ? `${thousands(count)} of ${thousands(of)}` : "";
    nothing.hidden = !terms.length || count > 0;
    return count;
  }
  function ask(query) {
    input.value = query;
    remember(query);
    const count = filter(query);
    const first = query && count && one("[data-item]:not([hidden])");
    if (first && first.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
  }
  input.addEventListener("input", () => ask(input.value));
  for (const chip of chips) {
    chip.disabled = false;
    chip.addEventListener("click", () => ask(toggled(input.value, chip.dataset.term)));
  }
  addEventListener("hashchange", () => { input.value = asked() ?? ""; filter(input.value); });

  function step(by) {
    const links = all("[data-item]:not([hidden]) a:first-of-type, #rows a").filter(link => link.offsetParent);
    const firsts = [...new Set(links.map(link => link.closest("[data-item], tr")))].map(item => one("a", item));
    const here = firsts.findIndex(link => link.closest("[data-item], tr").contains(document.activeElement));
    const next = firsts[here < 0 ? (by > 0 ? 0 : firsts.length - 1) : here + by];
    if (next) next.focus();
  }
  const dialog = one("#_keys");
  keys({ input, dialog, step, help: () => dialog.showModal(), clear: () => ask("") });
  theme(one(".theme"));

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
      // What was always kept is said once for all, above.
      if (verdict === "pass" && !check.broken) { place.append(make("b", { className: "pass" }, "✓ kept")); continue; }
      const words = { pass: "kept", warn: "kept, with a warning", fail: "broken now", error: "could not be told", skip: "not asked" }[verdict];
      place.append(strip(check.verdicts), " ", make("b", { className: verdict }, `${SIGN[verdict]} ${words}`));
      if (check.broken && verdict !== "fail") place.append(`, last broken ${ago(new Date(check.broken))}`);
    }
    for (const place of all("[data-kept]")) {
      const dataset = bySuite.get(place.dataset.kept);
      if (!dataset) continue;
      const broken = dataset.checks.filter(check => "fe".includes(check.verdicts.at(-1))).length;
      const all = dataset.checks.length, never = dataset.checks.filter(check => !check.broken).length;
      place.textContent = `${broken ? `${all - broken} of ${all}` : `all ${all}`} promises are kept, ${never === all ? "all" : never} were never broken`;
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
        text: `${run.id} ${run.started_at.replace("T", " ")} ${GATE[run.gate]} ${run.suites.length} datasets ${run.suites.map(suite => suite.suite).join(" ")}`.toLowerCase(),
        v: run.gate,
        layer: run.suites.map(suite => suite.layer || "").join(" ").toLowerCase(),
        suite: run.suites.map(suite => suite.suite).join(" ").toLowerCase(),
      })));
    };
    const row = run => {
      const sign = make("span", { className: "sym", ariaHidden: "true" }, SIGN[run.gate]);
      const badge = make("span", { className: `badge ${run.gate}` }, sign, ` ${GATE[run.gate]}`);
      const time = make("time", { dateTime: run.started_at }, run.started_at.slice(0, 16).replace("T", " ") + " UTC");
      const name = run.suites.length === 1 ? run.suites[0].suite : `${run.suites.length} datasets`;
      const num = text => make("td", { className: "num" }, text);
      return make("tr", {}, make("td", {}, badge), make("td", {}, make("a", { href: `r/${run.id}.html` }, time)), make("td", {}, name),
        num(thousands(run.failed)), num(thousands(run.checks)), num(`${(run.elapsed_ms / 1000).toFixed(2)} s`));
    };
    const show = () => {
      const hits = known.filter(run => fits(run, terms));
      const order = (left, right) => left < right ? -1 : left > right ? 1 : 0;
      hits.sort((left, right) => (sort.down ? -1 : 1) * order(left[sort.by], right[sort.by]) || order(right.id, left.id));
      body.replaceChildren(...hits.slice(0, most).map(row));
      more.hidden = hits.length <= most && sealed === 0;
      return [hits.length, now.runs];
    };
    // Older parts are loaded when they are asked for, all at once when the whole list is filtered or sorted otherwise.
    const load = whole => {
      if (sealed === 0) return;
      const script = make("script", { src: `${root}runs/${sealed--}.js` });
      script.onload = () => {
        again();
        if (whole && sealed > 0) load(true); else document.body.ariaBusy = "false";
      };
      document.body.ariaBusy = "true";
      document.head.append(script);
    };
    const again = () => filter(input.value);
    karat.part = lines => add(lines);
    more.addEventListener("click", () => { most += PAGE; if (known.length < most) load(false); again(); });
    heads(one("table.listed"), (head, down) => {
      sort = { by: head.dataset.sort, down };
      if (sort.by !== "id") load(true);
      again();
    });
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
  for (const table of all("table.runs:not(.listed)")) sortable(table);
  input.value = asked() ?? "";
  filter(input.value);
})();
