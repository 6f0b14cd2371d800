// Search, unfold, copy. Up to 200 checks the page is whole without it.
(() => {
  const { all, one, make, SIGN, read, fits, press, toggled, asked, remember, tellTimes, sortable, theme, keys } = shared;
  const input = one("#_query"), shown = one(".shown"), nothing = one(".none");
  const TROUBLE = ["fail", "error", "warn"], VERDICTS = [...TROUBLE, "pass", "skip"];
  const MANY = 60; // so many hits are unfolded; more would be a page to scroll
  const is = (el, classes) => classes.find(name => el.classList.contains(name));

  // What the page holds but does not draw: pieces of HTML that karat has escaped, compressed.
  const packed = one("#_parts");
  let parts = packed ? null : [], unpacking = null;
  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.textContent), letter => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    parts = await new Response(stream).json();
  }
  const unpacked = () => parts ? Promise.resolve() : (unpacking ??= unpack());

  function build(el) {
    el.innerHTML = parts[el.dataset.part];
    delete el.dataset.part;
  }
  function fill(details) {
    for (const el of all(":scope > [data-part]", details)) build(el);
    for (const body of all(":scope > .body", details)) finish(body);
  }
  async function filled(details) {
    if (!parts && one(":scope > [data-part]", details)) await unpacked();
    fill(details);
  }

  // What is wrong beyond the first lines of a suite stands in a body of its own until it is looked at, and is folded then until
  // somebody asks for it, or sorts.
  const MORE = ".problems > .rest";
  function fold(rest) {
    const body = rest.previousElementSibling;
    const button = act(`${rest.dataset.count} more`, "show all that is wrong with this suite", async () => {
      await unpacked();
      if (rest.isConnected) merge(rest);
      open(body);
    });
    body.append(make("tr", { className: "last" }, make("td"), make("td", { colSpan: 5 }, button)));
    body.classList.add("folded");
    if (!rest.dataset.part) merge(rest);
  }
  function merge(rest) {
    if (rest.dataset.part) build(rest);
    for (const row of rest.rows) row.classList.add("rest");
    one(".last", rest.previousElementSibling).before(...rest.rows);
    rest.remove();
  }
  function open(body) {
    body.classList.remove("folded");
    one(".last", body).remove();
  }
  async function whole() {
    await unpacked();
    all(MORE).forEach(merge);
    all(".problems > .folded").forEach(open);
  }

  // Buttons that only a script can serve are made when a check is opened.
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const label = button.textContent;
    button.textContent = "copied";
    setTimeout(() => { button.textContent = label; }, 1200);
  }
  const act = (label, title, run) => {
    const button = make("button", { type: "button", title }, label);
    button.addEventListener("click", () => run(button));
    return button;
  };
  const text = el => el ? el.textContent.trim().replace(/\s+/g, " ") : "";
  // A spreadsheet takes what begins so for a formula, unless it is a number.
  const cell = value => {
    const safe = /^[=+@\t\r-]/.test(value) && Number.isNaN(Number(value)) ? "'" + value : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = table => all("tr", table).map(row =>
    all("th, td", row).map(at => cell(at.matches(".where") ? text(at) : one("bdi", at)?.textContent ?? (one(".nil", at) ? "" : at.textContent))).join(",")).join("\n") + "\n";
  function save(name, content) {
    const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type: "text/csv" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  // What is said of a check elsewhere: in a line or two for a chat, and as Markdown for an issue, where what comes from data or
  // from a suite is code: it mentions nobody, links nowhere and is no markup.
  function said(check) {
    const suite = check.closest(".suite"), what = one(".what", check).cloneNode(true);
    all(".tag", what).forEach(tag => tag.remove());
    return {
      verdict: is(check, VERDICTS), suite: text(one("h2", suite)), id: text(one(".foot a", check)), what: text(what),
      sentence: text(one(".sentence", check)), finding: text(one(".finding", check)), since: text(one(".since", check)),
      command: one(".command code", check)?.textContent ?? "", place: text(one(".foot .place", check)),
      severity: text(one(".foot .severity", check)), data: text(one(".facts b", suite)), owner: suite.dataset.owner ?? "",
    };
  }
  const message = check => {
    const of = said(check);
    return [`${of.verdict}: ${of.suite}, ${of.id}: ${of.what}`, of.finding, of.since, of.command && "`" + of.command + "`"].filter(Boolean).join("\n");
  };
  const ticks = (text, least) => "`".repeat(Math.max(least, 1 + Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length))));
  const code = text => ticks(text, 1) + (/^`|`$/.test(text) ? ` ${text} ` : text) + ticks(text, 1);
  const block = (kind, text) => `${ticks(text, 3)}${kind}\n${text}\n${ticks(text, 3)}`;
  const datum = at => one(".quoted", at) ? `"${one(".quoted", at).textContent}"` : text(at);
  // What the check reads of the first rows, and what names them.
  function columns(table) {
    const rows = all("tr", table).slice(0, 11).map(row => all(":is(th, td):not(.dim)", row).map(datum));
    const wide = rows[0].map((_, at) => Math.max(...rows.map(row => (row[at] ?? "").length)));
    return rows.map(row => row.map((cell, at) => cell.padEnd(wide[at])).join("  ").trimEnd()).join("\n");
  }
  function issue(check) {
    const of = said(check), table = one(".rows", check);
    const found = [of.what, of.sentence, of.finding, of.since].filter((line, at, lines) => line && lines.indexOf(line) === at);
    const facts = [["severity", of.severity], ["data", of.data], ["suite", of.place], ["owner", of.owner], ["run", text(one(".made"))]];
    return [
      `### ${code(of.suite)}: ${code(of.id)}: ${of.verdict}`,
      block("text", found.join("\n")),
      table && `The first failing rows:\n\n${block("text", columns(table))}`,
      of.command && `All of them:\n\n${block("sh", of.command)}`,
      facts.filter(([, fact]) => fact).map(([name, fact]) => `${name} ${code(fact)}`).join(", "),
    ].filter(Boolean).join("\n\n") + "\n";
  }
  function finish(body) {
    if (body.dataset.done) return;
    body.dataset.done = "1";
    const table = one(".rows", body), command = one(".command", body), foot = one(".foot", body);
    if (table) {
      const acts = make("p", { className: "acts" });
      const rest = all(".rest tr", table), first = table.tBodies[0];
      const more = act(`${rest.length} more`, "show the other rows", () => {
        first.append(...rest);
        more.remove();
      });
      if (rest.length) {
        table.classList.add("folded");
        acts.append(more);
      }
      sortable(table, () => more.click());
      acts.append(act("copy", "copy these rows as CSV", button => copy(csv(table), button)),
        act("CSV", "save these rows as a file", () => save(body.id.replace(/[^\w.-]+/g, "_") + ".csv", csv(table))));
      table.parentElement.after(acts);
    }
    if (command) command.append(act("copy", "copy the command", button => copy(one("code", command).textContent, button)));
    const check = body.closest(".check");
    if (foot && is(check, TROUBLE)) {
      foot.append(act("copy as text", "a line or two, for a chat", button => copy(message(check), button)),
        act("copy as issue", "Markdown, with the first failing rows", button => copy(issue(check), button)));
    }
  }

  const known = new WeakMap();
  // As karat escapes text.
  const ESCAPES = [["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"], ["'", "&#x27;"], ["/", "&#x2f;"]];
  const escaped = text => ESCAPES.reduce((text, [letter, escape]) => text.replaceAll(letter, escape), text);
  const plain = html => ESCAPES.reduceRight((text, [letter, escape]) => text.replaceAll(escape, letter), html.replace(/<[^>]*>/g, " "));
  function fields(check) {
    let of = known.get(check);
    if (!of) {
      const suite = check.closest(".suite"), group = check.closest(".group");
      const body = one(":scope > .body", check), part = body.dataset.part;
      const col = one("h3", group).textContent, name = one("h2", suite).textContent;
      const { severity = "critical", tags = "" } = check.dataset;
      const { layer = "", owner = "" } = suite.dataset;
      const inside = part === undefined ? check.textContent : check.textContent + plain(parts[part]);
      of = { v: is(check, VERDICTS), col, suite: name, sev: severity, tag: tags, layer, owner, is: all(".tag", check.firstElementChild).map(text).join(" "), text: [name, col, body.id, inside, tags].join(" ") };
      for (const key in of) of[key] = of[key].toLowerCase();
      known.set(check, of);
    }
    return of;
  }

  let before = null; // which details were open when the search began
  async function apply(jump) {
    const terms = read(input.value);
    press(all("[data-term]"), input.value);
    if (!terms.length) return clear();
    if (!parts) await unpacked();
    for (const details of all(".fold")) fill(details);
    all(MORE).forEach(merge);
    one("main").classList.add("searching");
    before ??= new Map(all("main details:not(.check)").map(details => [details, details.open]));
    const kept = new Set(), anchors = new Set();
    const checks = all(".check");
    let count = 0, first = null;
    for (const check of checks) {
      const hit = fits(fields(check), terms);
      check.hidden = !hit;
      if (!hit) continue;
      count++;
      first ??= check;
      anchors.add("#" + one(":scope > .body", check).id);
      kept.add(check.closest(".group")).add(check.closest(".suite")).add(check.closest(".fold"));
    }
    for (const el of all(".group, .suite, .fold")) el.hidden = !kept.has(el);
    for (const suite of all(".suite")) {
      if (suite.hidden) continue;
      suite.firstElementChild.open = true;
      anchors.add("#" + one("h2", suite).id);
      for (const fold of all(".fold:not([hidden])", suite)) fold.open = count <= MANY;
    }
    for (const row of all(".problem")) row.hidden = !anchors.has(one("a", row).getAttribute("href"));
    for (const row of all("[data-suite]")) row.hidden = !anchors.has("#" + row.dataset.suite);
    for (const el of all(".problems tbody, .wrong, .suites tbody, .overview")) el.hidden = !one(".problem:not([hidden]), [data-suite]:not([hidden])", el);
    shown.textContent = `${count} of ${checks.length} checks`;
    nothing.hidden = count > 0;
    mirror();
    if (jump && first) first.scrollIntoView({ block: "center" });
  }
  function clear() {
    one("main").classList.remove("searching");
    for (const el of all("main [hidden]")) el.hidden = false;
    nothing.hidden = true;
    shown.textContent = "";
    before?.forEach((open, details) => { details.open = open; });
    before = null;
    mirror();
  }
  let waiting = 0;
  const searched = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(input.value); apply(true); }, 120);
  };
  function ask(query) {
    input.value = query;
    remember(query);
    apply(query !== "");
  }

  // A deep link opens its check, whatever the search hides.
  async function follow() {
    let name = location.hash.slice(1);
    if (asked() !== null) {
      input.value = asked();
      return apply(true);
    }
    try { name = decodeURIComponent(name); } catch { /* a stray % is part of the name */ }
    if (!name) return;
    let target = document.getElementById(name);
    if (!target && packed) {
      await unpacked();
      const part = parts.findIndex(part => part.includes(`id="${escaped(name)}"`));
      const holder = one(`[data-part="${part}"]`);
      if (holder) fill(holder.parentElement);
      target = document.getElementById(name);
    }
    if (!target) return;
    if (target.closest("[hidden]")) {
      input.value = "";
      apply();
    }
    await show(target);
  }
  async function show(target) {
    for (let el = target.closest("details"); el; el = el.parentElement.closest("details")) {
      el.open = true;
      await filled(el);
    }
    target.scrollIntoView();
  }

  function step(by) {
    const problems = all(".check.fail, .check.error, .check.warn").filter(check => !check.closest("[hidden]"));
    if (!problems.length) return;
    const at = problems.indexOf(document.activeElement?.closest?.(".check"));
    const next = problems[at < 0 ? (by > 0 ? 0 : problems.length - 1) : (at + by + problems.length) % problems.length];
    show(one(".body", next)).then(() => one("summary", next).focus({ preventScroll: true }));
  }

  // The contents: suites, and the columns of those that are open.
  const contents = one(".contents");
  const places = new Map();
  function entry(id, name, verdict, extra) {
    const link = make("a", { href: "#" + id }, make("span", { className: "sym " + verdict, ariaHidden: "true" }, SIGN[verdict]), make("span", {}, name), make("small", { className: verdict }, extra));
    places.set(link, document.getElementById(id));
    return make("li", {}, link);
  }
  function outline() {
    const list = make("ul");
    for (const suite of all(".suite")) {
      const heading = one("h2", suite);
      const item = entry(heading.id, heading.textContent, is(suite, VERDICTS), "");
      item.firstChild.classList.add("of");
      const columns = make("ul");
      for (const group of all(".group", suite)) {
        const name = text(one("h3", group));
        group.id ||= `_c:${heading.id}:${name.replace(/[\s%]/g, "_")}`;
        // A check of its own counts one, the line of several as many as it says.
        const counts = new Map(VERDICTS.map(name => [name, 0]));
        for (const el of all(":scope > div > .check, .fold > summary .counts > span", group)) {
          const name = is(el, VERDICTS);
          counts.set(name, counts.get(name) + (el.matches(".check") ? 1 : Number(el.textContent.replace(/\D/g, ""))));
        }
        const verdict = VERDICTS.find(name => counts.get(name));
        const troubles = TROUBLE.reduce((sum, name) => sum + counts.get(name), 0);
        const line = entry(group.id, name, verdict, troubles || "");
        if (troubles) line.firstChild.classList.add("trouble");
        columns.append(line);
      }
      item.append(columns);
      list.append(item);
    }
    contents.replaceChildren(list);
    contents.hidden = false;
    mirror();
  }
  function mirror() {
    for (const [link, place] of places) {
      const suite = place.closest(".suite");
      link.parentElement.hidden = place.closest("[hidden]") !== null || (place !== one("h2", suite) && !suite.firstElementChild.open);
    }
  }
  const seen = new IntersectionObserver(changes => {
    for (const { target, isIntersecting } of changes) {
      const link = one(`a[href="#${CSS.escape(target.id)}"]`, contents);
      if (!link) continue;
      if (isIntersecting) link.setAttribute("aria-current", "location"); else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-64px 0px -70% 0px" });

  const dialog = one("#_keys");
  function help() {
    const values = name => [...new Set(all(".check").flatMap(check => fields(check)[name].split(", ")).filter(Boolean))];
    const term = (name, value) => name + ":" + (/\s/.test(value) ? `"${value}"` : value);
    const terms = ["layer", "sev", "tag", "owner"].flatMap(name => {
      const found = values(name);
      return found.length > 1 || name === "tag" ? found.slice(0, 12).map(value => term(name, value)) : [];
    });
    one("#_terms").replaceChildren(...terms.map(term => {
      const chip = make("button", { type: "button", className: "chip", ariaPressed: "false" }, term);
      chip.dataset.term = term;
      chip.addEventListener("click", () => ask(toggled(input.value, term)));
      return chip;
    }));
    dialog.showModal();
  }
  const helped = () => unpacked().then(help);
  one("#_help").addEventListener("click", helped);

  for (const chip of all(".chip")) {
    chip.disabled = false;
    chip.addEventListener("click", () => ask(toggled(input.value, chip.dataset.term)));
  }
  input.addEventListener("input", searched);
  document.addEventListener("toggle", event => {
    const details = event.target;
    if (details.localName !== "details") return;
    if (details.open) filled(details);
    if (details.parentElement.matches(".suite")) mirror();
  }, true);
  document.addEventListener("click", event => {
    // A link to where one is already opens it, too.
    if (event.target.closest?.("a[href^='#']")?.getAttribute("href") === location.hash) follow();
  });
  keys({ input, dialog, step, help: helped, clear: () => ask("") });
  theme(one("#_theme"));
  addEventListener("hashchange", follow);

  // Paper shows all that is wrong, and what holds in a line.
  let printed = [];
  addEventListener("beforeprint", () => {
    if (parts) all(MORE).forEach(merge);
    for (const details of all(".check, .fold, .suite > details")) {
      const open = !details.matches(".fold, .check.pass, .check.skip");
      if (open && parts) fill(details);
      if (details.open !== open) printed.push([details, details.open]);
      details.open = open;
    }
  });
  addEventListener("afterprint", () => {
    for (const [details, open] of printed) details.open = open;
    printed = [];
  });

  one(".scripted").hidden = false;
  tellTimes(document);
  all(MORE).forEach(fold);
  for (const table of all(".problems")) sortable(table, whole);
  for (const table of all(".suites")) sortable(table);
  outline();
  for (const group of all(".group")) seen.observe(group);
  for (const body of all(".check[open] > .body")) finish(body);
  if (input.value && !location.hash) apply(); // browsers keep the search over a reload
  follow();
  (window.requestIdleCallback ?? setTimeout)(() => unpacked());
})();
