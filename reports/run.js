// Search, unfold, move by keys. Up to 200 checks the page is whole without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const make = (name, of = {}, ...inside) => {
    const el = Object.assign(document.createElement(name), of);
    el.append(...inside);
    return el;
  };
  const root = document.documentElement, input = one("#_query"), shown = one(".shown"), nothing = one(".none");
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
    all("th, td", row).map(at => cell(one("bdi", at)?.textContent ?? (one(".nil", at) ? "" : at.textContent))).join(",")).join("\n") + "\n";
  function save(name, content) {
    const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type: "text/csv" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  const message = check => {
    const suite = one("h2", check.closest(".suite")).textContent, id = one(".foot a", check).textContent;
    const command = one(".command code", check);
    return [`${is(check, VERDICTS)}: ${suite}, ${id}: ${text(one(".what", check))}`, text(one(".finding", check)), text(one(".since", check)),
      command ? "`" + command.textContent + "`" : ""].filter(Boolean).join("\n");
  };
  function finish(body) {
    if (body.dataset.done) return;
    body.dataset.done = "1";
    const table = one(".rows", body), command = one(".command", body), foot = one(".foot", body);
    if (table) {
      const acts = make("p", { className: "acts" });
      const rest = all(".rest tr", table).length;
      if (rest) {
        table.classList.add("folded");
        acts.append(act(`${rest} more`, "show the other rows", button => { table.classList.remove("folded"); button.remove(); }));
      }
      acts.append(act("copy", "copy these rows as CSV", button => copy(csv(table), button)),
        act("CSV", "save these rows as a file", () => save(body.id.replace(/[^\w.-]+/g, "_") + ".csv", csv(table))));
      table.parentElement.after(acts);
    }
    if (command) command.append(act("copy", "copy the command", button => copy(one("code", command).textContent, button)));
    const check = body.closest(".check");
    if (foot && is(check, TROUBLE)) foot.append(act("copy as text", "for an issue or a chat", button => copy(message(check), button)));
  }

  // A query: words, and names with values. `v:fail v:warn` is either of both, everything else all of them.
  const NAMES = { v: "v", verdict: "v", col: "col", column: "col", sev: "sev", severity: "sev", layer: "layer", tag: "tag", owner: "owner", suite: "suite", is: "is" };
  function read(query) {
    const terms = query.toLowerCase().match(/-?(?:\w+:)?(?:"[^"]*"?|\S+)/g) ?? [];
    return terms.map(term => {
      const [, not, name, value] = /^(-?)(?:(\w+):)?(.*)$/s.exec(term);
      const known = name && Object.hasOwn(NAMES, name) ? NAMES[name] : "";
      return { not: not && value !== "", name: known, value: (known || !name ? value : term.slice(not.length)).replaceAll('"', "") };
    }).filter(term => term.value);
  }
  const matches = (fields, { name, value }) =>
    name === "v" || name === "sev" ? fields[name].startsWith(value) || value.startsWith(fields[name]) : fields[name || "text"].includes(value);
  function fits(fields, terms) {
    const named = new Map();
    for (const term of terms) {
      if (term.not) {
        if (matches(fields, term)) return false;
      } else if (term.name) {
        named.set(term.name, (named.get(term.name) ?? false) || matches(fields, term));
      } else if (!matches(fields, term)) return false;
    }
    return [...named.values()].every(Boolean);
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
    for (const chip of all("[data-term]")) chip.ariaPressed = String(terms.some(term => !term.not && `${term.name}:${term.value}` === chip.dataset.term.toLowerCase().replaceAll('"', "")));
    if (!terms.length) return clear();
    if (!parts) await unpacked();
    for (const details of all(".fold, .more")) fill(details);
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
    for (const row of all(".problems tr")) row.hidden = !anchors.has(one("a", row).getAttribute("href"));
    for (const row of all("[data-suite]")) row.hidden = !anchors.has("#" + row.dataset.suite);
    for (const el of all(".wrong .of, .wrong, .more, .suites tbody, .overview")) el.hidden = !one(".problems tr:not([hidden]), [data-suite]:not([hidden])", el);
    shown.textContent = `${count} of ${checks.length} checks`;
    nothing.hidden = count > 0;
    mirror();
    if (jump && first) first.scrollIntoView({ block: "center" });
  }
  function clear() {
    for (const el of all("main [hidden]")) el.hidden = false;
    nothing.hidden = true;
    shown.textContent = "";
    before?.forEach((open, details) => { details.open = open; });
    before = null;
    mirror();
  }
  // The address keeps the search; a page that is shown within another one may not change it.
  function remember() {
    const address = location.href.split("#")[0] + (input.value ? "#?q=" + encodeURIComponent(input.value) : "");
    try { history.replaceState(null, "", address); } catch { /* nothing is kept */ }
  }
  let waiting = 0;
  const searched = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(); apply(true); }, 120);
  };
  function toggle(term) {
    const terms = input.value.match(/-?(?:\w+:)?(?:"[^"]*"?|\S+)/g) ?? [];
    const rest = terms.filter(other => other.toLowerCase() !== term.toLowerCase());
    input.value = [...rest, ...(rest.length === terms.length ? [term] : [])].join(" ");
    remember();
    apply(true);
  }

  // A deep link opens its check, whatever the search hides.
  async function follow() {
    let name = location.hash.slice(1);
    if (name.startsWith("?")) {
      input.value = new URLSearchParams(name.slice(1)).get("q") ?? "";
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
  const SIGN = { fail: "✗", error: "?", warn: "!", pass: "✓", skip: "⊘" };
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

  // Times by their distance, exact ones in the title.
  const distance = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
  function ago(time) {
    if (Number.isNaN(Date.parse(time.dateTime))) return;
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    const [unit, size] = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    time.title = time.textContent;
    time.textContent = distance.format(Math.round(seconds / size), unit);
  }

  function theme(name) {
    root.dataset.theme = name;
    try { sessionStorage.setItem("karat-theme", name); } catch { /* it holds for this page */ }
  }
  try { if (sessionStorage.getItem("karat-theme")) root.dataset.theme = sessionStorage.getItem("karat-theme"); } catch { /* as the system says */ }
  one("#_theme").addEventListener("click", () => {
    const dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    theme(dark ? "light" : "dark");
  });

  const keys = one("#_keys");
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
      chip.addEventListener("click", () => toggle(term));
      return chip;
    }));
    keys.showModal();
  }
  one("#_help").addEventListener("click", () => unpacked().then(help));

  for (const chip of all(".chip")) {
    chip.disabled = false;
    chip.addEventListener("click", () => toggle(chip.dataset.term));
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
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const typing = event.target.matches?.("input, textarea");
    if (event.key === "Escape" && (typing || input.value)) {
      input.value = "";
      input.blur();
      remember();
      apply();
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "?") {
      unpacked().then(help);
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  });
  addEventListener("hashchange", follow);

  // Paper shows all that is wrong, and what holds in a line.
  let printed = [];
  addEventListener("beforeprint", () => {
    for (const details of all(".check, .fold, .suite > details, .more")) {
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
  for (const time of all("time")) ago(time);
  outline();
  for (const group of all(".group")) seen.observe(group);
  for (const body of all(".check[open] > .body")) finish(body);
  if (input.value && !location.hash) apply(); // browsers keep the search over a reload
  follow();
  (window.requestIdleCallback ?? setTimeout)(() => unpacked());
})();
