// What the pages of a run and of a site share: queries, times, keys, tables that sort, light and dark.
"use strict";
const shared = (() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const make = (name, of = {}, ...inside) => {
    const el = Object.assign(document.createElement(name), of);
    el.append(...inside);
    return el;
  };
  const SIGN = { pass: "✓", fail: "✗", warn: "!", error: "?", skip: "⊘" };

  // A query: words, and `name:value` for what a thing has of its own. Values of one name are either of them, with a comma
  // between them or not; everything else must hold. Quotes keep a space, a minus leaves out.
  const NAMES = { v: "v", verdict: "v", col: "col", column: "col", sev: "sev", severity: "sev", layer: "layer", tag: "tag", owner: "owner", suite: "suite", is: "is" };
  const split = query => query.match(/-?(?:\w+:)?(?:"[^"]*"?|\S+)/g) ?? [];
  function read(query) {
    return split(query.toLowerCase()).map(term => {
      const [, minus, name, value] = /^(-?)(?:(\w+):)?(.*)$/s.exec(term);
      const known = name && Object.hasOwn(NAMES, name) ? NAMES[name] : "";
      const values = known && !value.startsWith('"') ? value.split(",") : [known || !name ? value : term.slice(minus.length)];
      return { not: minus !== "" && value !== "", name: known, values: values.map(one => one.replaceAll('"', "")).filter(Boolean) };
    }).filter(term => term.values.length);
  }
  // `fields` are in small letters: the text of a thing, and what it has by names.
  function fits(fields, terms) {
    const named = new Map();
    for (const { not, name, values } of terms) {
      const own = fields[name || "text"] ?? "";
      const is = name === "v" || name === "sev" ? value => own && (own.startsWith(value) || value.startsWith(own)) : value => own.includes(value);
      const hit = values.some(is);
      if (not ? hit : !name && !hit) return false;
      if (name && !not) named.set(name, named.get(name) || hit);
    }
    return [...named.values()].every(Boolean);
  }
  const same = (one, other) => one.toLowerCase() === other.toLowerCase();
  function press(chips, query) {
    for (const chip of chips) chip.ariaPressed = String(split(query).some(term => same(term, chip.dataset.term)));
  }
  function toggled(query, term) {
    const terms = split(query), rest = terms.filter(other => !same(other, term));
    return [...rest, ...(rest.length === terms.length ? [term] : [])].join(" ");
  }

  // The address keeps the query; a page that is shown within another one may not change it.
  const asked = () => location.hash.startsWith("#?") ? new URLSearchParams(location.hash.slice(2)).get("q") ?? "" : null;
  function remember(query) {
    const address = location.href.split("#")[0] + (query ? "#?q=" + encodeURIComponent(query) : "");
    try { history.replaceState(null, "", address); } catch { /* nothing is kept */ }
  }

  // Times by their distance, exact ones in the title.
  const distance = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  function ago(then) {
    const seconds = (then - Date.now()) / 1000;
    for (const [unit, size] of [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
      if (Math.abs(seconds) >= size) return distance.format(Math.round(seconds / size), unit);
    }
    return "just now";
  }
  function tellTimes(from) {
    for (const time of all("time", from)) {
      const then = new Date(time.dateTime);
      if (Number.isNaN(then.valueOf())) continue;
      time.title = time.textContent;
      time.textContent = ago(then);
    }
  }

  // A table sorts by the head that is clicked, numbers from the greatest on, and the other way when it is clicked again.
  function heads(table, run) {
    for (const head of all("th:not(.where)", table.tHead)) {
      const button = make("button", { type: "button", title: "sort by this" }, ...head.childNodes);
      head.append(button);
      head.ariaSort ??= "none";
      button.addEventListener("click", () => {
        const [first, then] = head.matches(".num, [data-down]") ? ["descending", "ascending"] : ["ascending", "descending"];
        const order = head.ariaSort === first ? then : first;
        for (const th of table.tHead.rows[0].cells) th.ariaSort = "none";
        head.ariaSort = order;
        run(head, order === "descending");
      });
    }
  }
  // Each of its bodies by itself. What has no value stands last, both ways; a row that heads others stays. `whole` brings all
  // rows before.
  const sortable = (table, whole = () => {}) => heads(table, async (head, down) => {
    await whole();
    for (const body of table.tBodies) sort(body, head.cellIndex, down);
  });
  const places = new WeakMap(); // of the rows, before they were sorted
  let next = 0;
  function sort(body, column, down) {
    const rows = [...body.rows].filter(row => row.cells.length > column).map(row => {
      const cell = row.cells[column];
      if (!places.has(row)) places.set(row, next++);
      return { row, place: places.get(row), key: cell.dataset.key ?? one("time", cell)?.dateTime ?? (one(".nil", cell) ? "" : cell.textContent.trim()) };
    });
    const told = rows.filter(of => of.key !== ""), number = key => Number(key.replace(/[,%]/g, ""));
    const numbers = told.every(of => !Number.isNaN(number(of.key)));
    const compared = numbers ? (one, other) => number(one) - number(other) : (one, other) => one.localeCompare(other, "en", { numeric: true });
    told.sort((one, other) => compared(one.key, other.key) || one.place - other.place);
    if (down) told.reverse();
    body.append(...[...told, ...rows.filter(of => of.key === "")].map(of => of.row));
  }

  // Light or dark, for as long as the tab lives.
  const root = document.documentElement;
  function theme(button) {
    try { if (sessionStorage.getItem("karat-theme")) root.dataset.theme = sessionStorage.getItem("karat-theme"); } catch { /* as the system says */ }
    button.addEventListener("click", () => {
      const dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
      root.dataset.theme = dark ? "light" : "dark";
      try { sessionStorage.setItem("karat-theme", root.dataset.theme); } catch { /* it holds for this page */ }
    });
  }

  // The keys: `/` searches, Esc clears, `j` and `k` step, `?` helps.
  function keys({ input, dialog, help, step, clear }) {
    addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
      const typing = event.target.matches?.("input, textarea");
      if (event.key === "Escape" && (typing || input.value)) {
        input.blur();
        clear();
      } else if (typing) {
        return;
      } else if (event.key === "/") {
        event.preventDefault();
        input.focus();
        input.select();
      } else if (event.key === "?") {
        help();
      } else if (event.key === "j" || event.key === "k") {
        step(event.key === "j" ? 1 : -1);
      }
    });
  }

  return { all, one, make, SIGN, read, fits, press, toggled, asked, remember, ago, tellTimes, heads, sortable, theme, keys };
})();
