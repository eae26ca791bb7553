"use strict";
// What a page can do beyond being read: tell points, pick rules and stages, sort and copy tables, change the theme.
// The page is whole without it; nothing here reads or sends anything.
(() => {
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const live = make("p", { className: "hidden", role: "status" });
  document.body.append(live);
  const say = (text) => {
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 30);
  };

  // ---- points ---------------------------------------------------------------------------------------------------
  const tip = make("div", { className: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);

  let told = null;
  const hide = () => { tip.hidden = true; };
  const tell = (point) => {
    told = point;
    tip.textContent = point.getAttribute("aria-label");
    tip.hidden = false;
    const box = point.getBoundingClientRect();
    const half = tip.offsetWidth / 2;
    const middle = Math.min(Math.max(box.left + box.width / 2, half + 8), document.documentElement.clientWidth - half - 8);
    const above = box.top - tip.offsetHeight - 10;
    tip.style.left = `${middle - half + window.scrollX}px`;
    tip.style.top = `${(above < 4 ? box.bottom + 10 : above) + window.scrollY}px`;
  };

  const worded = (chart) => {
    const found = [...chart.querySelectorAll(".points > *, .bars > *")].filter((shape) => shape.querySelector("title"));
    for (const shape of found) {
      const title = shape.querySelector("title");
      shape.setAttribute("aria-label", title.textContent);
      shape.setAttribute("role", "img");
      shape.setAttribute("tabindex", "-1");
      title.remove();
    }
    const across = (shape) => shape.getBBox().x + shape.getBBox().width / 2;
    const panel = (shape) => Number(shape.closest("[data-panel]")?.dataset.panel ?? 0);
    return found
      .map((shape) => [panel(shape), across(shape), shape])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map((entry) => entry[2]);
  };

  const walk = (chart, points) => {
    let here = 0;
    points[0].setAttribute("tabindex", "0");
    const go = (to) => {
      points[here].setAttribute("tabindex", "-1");
      here = Math.min(Math.max(to, 0), points.length - 1);
      points[here].setAttribute("tabindex", "0");
      points[here].focus();
    };
    chart.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      if (event.key === "Escape") hide();
      else if (event.key === "Home") go(0);
      else if (event.key === "End") go(points.length - 1);
      else if (event.key in steps) go(here + steps[event.key]);
      else return;
      event.preventDefault();
    });
    chart.addEventListener("focusin", (event) => {
      const at = points.indexOf(event.target);
      if (at < 0) return;
      here = at;
      tell(event.target);
    });
    chart.addEventListener("focusout", hide);
    chart.addEventListener("pointerover", (event) => {
      if (event.target.hasAttribute("aria-label") && event.target !== chart) tell(event.target);
    });
    chart.addEventListener("pointerout", hide);
  };

  // ---- rules and stages -----------------------------------------------------------------------------------------
  const picker = (chart) => {
    const names = JSON.parse(chart.dataset.groups || "[]");
    if (names.length < 2) return;
    const shapes = [...chart.querySelectorAll("[data-g]")];
    const row = make("div", { className: "tools picks", role: "group", ariaLabel: "Highlight in the chart" });
    row.append(make("span", { textContent: "Highlight:" }));
    const buttons = names.map((name, index) => {
      const button = make("button", { type: "button", textContent: name, ariaPressed: "false" });
      button.addEventListener("click", () => {
        const on = button.ariaPressed !== "true";
        for (const other of buttons) other.ariaPressed = String(on && other === button);
        chart.classList.toggle("picking", on);
        let count = 0;
        for (const shape of shapes) {
          const picked = on && shape.dataset.g.split(" ").includes(String(index));
          shape.classList.toggle("picked", picked);
          count += picked;
        }
        say(on ? `${count} points of ${name} are highlighted` : "All points are shown alike");
      });
      return button;
    });
    const rank = (button) => Number(button.textContent.match(/^rule (\d+)$/)?.[1] ?? 0);
    row.append(...buttons.toSorted((a, b) => rank(a) - rank(b)));
    chart.closest("figure")?.prepend(row);
  };

  for (const chart of document.querySelectorAll("svg.figure")) {
    const points = worded(chart);
    if (!points.length) continue;
    chart.setAttribute("role", "group");
    chart.setAttribute("aria-roledescription", "chart; arrow keys go from point to point");
    chart.closest(".scroll")?.removeAttribute("tabindex");
    walk(chart, points);
    picker(chart);
  }
  document.addEventListener("scroll", () => tip.hidden || tell(told), { capture: true, passive: true });

  // ---- tables ---------------------------------------------------------------------------------------------------
  const decimal = document.documentElement.dataset.decimal;
  const worth = (cell) => {
    const text = cell.textContent.trim();
    if (!cell.classList.contains("number")) return text;
    const plain = [...text.replace("−", "-")].filter((sign) => /[-\de]/.test(sign) || sign === decimal).join("");
    const number = Number(plain.replace(decimal, "."));
    return plain === "" || Number.isNaN(number) ? text : number;
  };
  const empty = (value) => value === "" || value === "–" || value === "-";
  const order = (a, b) => {
    if (empty(a) || empty(b)) return empty(a) - empty(b);
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a.localeCompare(b, undefined, { numeric: true });
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const first = [...body.rows];
    if (first.length < 3) return;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent.trim() || head.querySelector(".hidden")) return;
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
        const way = next === undefined ? "ascending" : next;
        for (const other of heads) other.removeAttribute("aria-sort");
        if (way) head.setAttribute("aria-sort", way);
        const sign = way === "descending" ? -1 : 1;
        const rows = way === null ? first : first
          .map((line) => [worth(line.cells[column]), line])
          .sort(([a], [b]) => (empty(a) || empty(b) ? order(a, b) : sign * order(a, b)))
          .map(([, line]) => line);
        body.append(...rows);
      });
    });
  };

  // A spreadsheet takes a cell that begins like this for a formula; numbers are left alone.
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+( ?%)?$/.test(text) ? `'${text}` : text);
  const copied = (cell) => harmless((cell.querySelector(".sort") ?? cell).textContent.trim().replace(/\s+/g, " ").replace(/^−(?=\d)/, "-"));
  const put = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, className: "hidden" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const copyable = (table) => {
    const button = make("button", { type: "button", textContent: "Copy table" });
    button.addEventListener("click", async () => {
      const lines = [...table.rows].map((row) => [...row.cells].map(copied).join("\t"));
      await put(lines.join("\n"));
      say("The table is copied");
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy table"; }, 1500);
    });
    table.closest(".scroll")?.before(make("div", { className: "tools copy" }, button));
  };
  for (const table of document.querySelectorAll("table")) {
    sortable(table);
    copyable(table);
  }

  // ---- theme ----------------------------------------------------------------------------------------------------
  const themes = ["system", "light", "dark"];
  const root = document.documentElement;
  const theme = make("button", { type: "button", className: "theme" });
  const wear = (name) => {
    if (name === "system") delete root.dataset.theme;
    else root.dataset.theme = name;
    theme.textContent = `Theme: ${name}`;
  };
  theme.addEventListener("click", () => {
    wear(themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length]);
  });
  wear("system");
  document.querySelector("header > div").after(make("div", { className: "tools" }, theme));
})();
