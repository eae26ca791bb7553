"use strict";
// Rows to look through: map, filters, search, order, pages, a row's detail. Texts of the data are set as text, never as
// markup; nothing is read from anywhere but this page, and nothing is sent.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const draw = (tag, attributes, ...inside) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const inflated = async (text) => new Uint8Array(
    await new Response(new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer(),
  );

  // Control characters, lone surrogates and overrides of direction would make a name read other than it is.
  const unfit = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\u202a-\u202e\u2066-\u2069]/gu;
  const plain = (text) => text.replace(unfit, "");
  const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

  // ---- numbers as the page writes them --------------------------------------------------------------------------
  const signs = (text, told) => [...text].map((c) => ({ ".": told.decimal, ",": told.group, "-": "−" })[c] ?? c).join("");
  const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  const general = (value, digits, keep) => {
    if (value === 0) return keep ? value.toFixed(digits - 1) : "0";
    const [head, power] = value.toExponential(digits - 1).split("e");
    const trimmed = (text) => (!keep && text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    const e = Number(power);
    if (e < -4 || e >= digits) return `${trimmed(head)}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
    return trimmed(value.toFixed(Math.max(digits - 1 - e, 0)));
  };
  const number = (value, form, told) => {
    if (value === null || value === undefined) return "–";
    if (form === "p") return signs(value < 0.001 ? "< 0.001" : value.toFixed(value < 0.1 ? 3 : 2), told);
    if (form === ",d") return signs(grouped(value), told);
    return signs(general(value, Number(form.match(/\d+/)?.[0] ?? 6), form.startsWith("#")), told);
  };

  const working = async (root) => {
    const data = JSON.parse(root.querySelector("script.data").textContent);
    const [pool, drawn] = await Promise.all([inflated(data.pool), data.drawn ? inflated(data.drawn) : null]);
    const arrays = JSON.parse(new TextDecoder().decode(pool));
    const array = (place) => (place === null || place === undefined ? null : arrays[place]);
    const many = data.rows;
    const names = array(data.names);
    const shownNames = names.map(plain);
    const sentences = array(data.sentences);
    const flags = (place) => {
      const out = new Uint8Array(many);
      for (const row of arrays[place]) out[row] = 1;
      return out;
    };
    const opened = (column) => ({
      ...column,
      values: column.kind === "flag" ? flags(column.values) : array(column.values),
      low: array(column.low),
      high: array(column.high),
      before: column.before && opened(column.before),
    });
    const columns = data.columns.map(opened);
    const filters = data.filters.map((filter) => ({ ...filter, rows: flags(filter.rows), on: false }));
    const count = (value) => signs(grouped(value), data);

    const cell = (column, row) => {
      const value = column.values[row];
      if (column.kind === "flag") return value ? "yes" : "no";
      if (column.kind === "text") return plain(value);
      const told = number(value, column.format, data);
      if (!column.low || value === null) return told;
      return `${told} (${number(column.low[row], column.format, data)} to ${number(column.high[row], column.format, data)})`;
    };

    // ---- the small drawing and the closer one -------------------------------------------------------------------
    const sketch = data.sketch && Object.fromEntries(Object.entries(data.sketch).map(([name, value]) =>
      [name, ["width", "levels", "note"].includes(name) ? value : array(value)]));
    const thinned = sketch && flags(data.sketch.thinned);
    const points = (row) => {
      const out = [];
      const from = row * sketch.width;
      const span = sketch.high[row] - sketch.low[row];
      for (let i = 0; i < sketch.count[row]; i += 1) {
        const word = drawn[from + i] * 256 + drawn[many * sketch.width + from + i];
        const step = word & 4095;
        out.push({ y: step > sketch.levels ? null : sketch.low[row] + (step / sketch.levels) * span, beyond: word > 4095 });
      }
      return out;
    };
    const lines = (row) => {
      const cut = sketch.before[row];
      const all = sketch.count[row];
      const stretches = cut > 0 && cut < all ? [["before", 0, cut], ["after", cut, all]] : [["after", 0, all]];
      return stretches.flatMap(([when, from, to]) => ["center", "lower", "upper"].map((name) =>
        ({ name, from, to, at: sketch[`${name}_${when}`][row] }))).filter((line) => line.at !== null);
    };
    const picture = (row, box, closer) => {
      const told = points(row);
      const known = told.filter((point) => point.y !== null);
      const guides = lines(row);
      const heights = [...known.map((point) => point.y), ...guides.map((line) => line.at)];
      if (!known.length) return null;
      const flat = Math.max(...heights) === Math.min(...heights);
      const room = flat ? 1 : Math.max(...heights) - Math.min(...heights);
      const low = Math.min(...heights) - (flat ? 0.5 : 0);
      const x = (place) => box.left + ((place + 0.5) / Math.max(told.length, 1)) * box.width;
      const y = (value) => box.top + (1 - (value - low) / room) * box.height;
      const at = (value) => value.toFixed(1);
      const parts = guides.map((line) => draw("line", {
        class: line.name === "center" ? "middle" : "edge", y1: at(y(line.at)), y2: at(y(line.at)),
        x1: at(x(line.from - 0.5)), x2: at(x(line.to - 0.5)),
      }));
      const cut = sketch.before[row];
      if (cut > 0 && cut < told.length) {
        parts.push(draw("line", { class: "start", x1: at(x(cut - 0.5)), x2: at(x(cut - 0.5)), y1: at(box.top - 3), y2: at(box.top + box.height + 3) }));
      }
      let path = "";
      let pen = false;
      told.forEach((point, place) => {
        if (point.y !== null) path += `${pen ? "L" : "M"}${at(x(place))} ${at(y(point.y))}`;
        pen = point.y !== null;
      });
      parts.push(draw("path", { class: "path", d: path }));
      const size = closer ? 4.5 : 2.6;
      told.forEach((point, place) => {
        if (point.y === null) return;
        if (point.beyond) {
          parts.push(draw("path", { class: "beyond", d: `M${at(x(place))} ${at(y(point.y) - size)}l${size} ${size}l${-size} ${size}l${-size} ${-size}z` }));
        } else if (closer && !thinned[row]) {
          parts.push(draw("circle", { class: "point", cx: at(x(place)), cy: at(y(point.y)), r: 2.2 }));
        }
      });
      return { parts, x, y, told, guides, cut };
    };
    const small = (row) => {
      const found = picture(row, { left: 1, top: 4, width: 130, height: 28 }, false);
      if (!found) return "";
      return draw("svg", { class: "sketch", viewBox: "0 0 132 36", "aria-hidden": "true" }, ...found.parts);
    };
    const level = columns.find((column) => column.name === "center")?.format ?? ".6g";
    const close = (row) => {
      const words = { center: "centre", lower: "lower limit", upper: "upper limit" };
      const last = lines(row).filter((line) => line.to === sketch.count[row]).sort((a, b) => a.at - b.at);
      const named = last.map((line) => [line.at, `${words[line.name]} ${number(line.at, level, data)}`]);
      const beside = Math.max(0, ...named.map(([, text]) => text.length)) * 6.6 + 14;
      const found = picture(row, { left: 8, top: 26, width: 826 - beside, height: 190 }, true);
      if (!found) return null;
      let above = Infinity;
      for (const [at, text] of named) {
        above = Math.min(found.y(at) + 4, above - 13);
        found.parts.push(draw("text", { class: "name", x: (840 - beside).toFixed(1), y: above.toFixed(1) }, text));
      }
      if (found.cut > 0 && found.cut < found.told.length) {
        const middle = found.x(found.cut - 0.5);
        found.parts.push(draw("text", { class: "start-name", x: middle.toFixed(1), y: 14, "text-anchor": middle < 60 ? "start" : middle > 780 ? "end" : "middle" }, "rollout"));
      }
      const beyond = found.told.filter((point) => point.beyond).length;
      const told = `${shownNames[row].slice(0, 200)}: ${found.told.length} values, ${beyond} marked beyond the limits`;
      return draw("svg", { class: "closer", viewBox: "0 0 840 232", role: "img", "aria-label": told }, ...found.parts);
    };

    // ---- which rows, in which order -----------------------------------------------------------------------------
    const state = { find: "", column: -1, way: "up", page: 0, size: 25, rows: [] };
    const folded = shownNames.map((name) => name.toLocaleLowerCase());
    const key = (row) => {
      const value = columns[state.column].values[row];
      return state.way === "size" && value !== null ? Math.abs(value) : value;
    };
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const ordered = (rows) => {
      if (state.column === -1) return state.way === "down" ? rows.reverse() : rows;
      const sign = state.way === "up" ? 1 : -1;
      if (state.column === -2) return rows.sort((a, b) => sign * compare(shownNames[a], shownNames[b]));
      const empty = (value) => value === null || value === "";
      return rows.map((row) => [key(row), row]).sort(([a, i], [b, j]) => {
        if (empty(a) || empty(b)) return empty(a) - empty(b) || i - j;
        return sign * (typeof a === "string" ? compare(a, b) : a - b) || i - j;
      }).map(([, row]) => row);
    };
    const chosen = () => {
      const on = filters.filter((filter) => filter.on);
      const wish = state.find.toLocaleLowerCase();
      const rows = [];
      for (let row = 0; row < many; row += 1) {
        if (on.every((filter) => filter.rows[row]) && (!wish || folded[row].includes(wish))) rows.push(row);
      }
      return ordered(rows);
    };

    // ---- the tools ----------------------------------------------------------------------------------------------
    const live = make("div", { className: "live" });
    const status = make("p", { className: "counted", role: "status" });
    const search = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.find = search.value; renew(); }, 120);
    });
    const select = make("select");
    data.orders.forEach((order, place) => select.append(make("option", { value: String(place), textContent: order.name })));
    const own = make("option", { value: "own", textContent: "a column", hidden: true });
    select.append(own);
    select.addEventListener("change", () => {
      const order = data.orders[Number(select.value)];
      if (order) arrange(order.column, order.way);
    });
    const pages = make("select");
    for (const size of [25, 50, 100]) pages.append(make("option", { value: String(size), textContent: String(size) }));
    pages.addEventListener("change", () => { state.size = Number(pages.value); renew(); });
    const choices = make("div", { className: "tools", role: "group", ariaLabel: "Filters" });
    const everything = make("button", { type: "button", textContent: `all (${count(many)})`, ariaPressed: "true" });
    const buttons = filters.map((filter) => {
      const found = filter.rows.reduce((sum, one) => sum + one, 0);
      const button = make("button", { type: "button", textContent: `${filter.name} (${count(found)})`, ariaPressed: "false", disabled: !found });
      button.addEventListener("click", () => { filter.on = !filter.on; pressed(); renew(); });
      return button;
    });
    const pressed = () => {
      filters.forEach((filter, place) => { buttons[place].ariaPressed = String(filter.on); });
      everything.ariaPressed = String(!filters.some((filter) => filter.on));
    };
    everything.addEventListener("click", () => {
      for (const filter of filters) filter.on = false;
      pressed();
      renew();
    });
    choices.append(make("span", { textContent: "Show:" }), everything, ...buttons);
    const tools = make("div", { className: "tools" },
      make("label", {}, "Find by name", search), make("label", {}, "Order", select), make("label", {}, "Rows a page", pages));

    // ---- the table ----------------------------------------------------------------------------------------------
    const shown = columns.map((column, place) => [column, place]).filter(([column]) => column.shown);
    const heads = [];
    const head = (text, place, kind, about, first) => {
      const th = make("th", { scope: "col", className: kind === "number" ? "number" : "", title: about });
      if (place === null) {
        th.append(text);
        return th;
      }
      const button = make("button", { type: "button", className: "sort", textContent: text });
      button.addEventListener("click", () => {
        const ways = first === "down" ? ["down", "up"] : ["up", "down"];
        if (place === state.column) {
          const next = ways[ways.indexOf(state.way) + 1];
          if (next) arrange(place, next);
          else arrange(-1, "up");
        } else arrange(place, ways[0]);
      });
      th.append(button);
      heads.push([th, place]);
      return th;
    };
    const row = make("tr", {}, head("rank", -1, "number", "", "up"), head(data.caption, -2, "text", "", "up"));
    if (sketch) row.append(head("drawing", null, "text", ""));
    for (const [column, place] of shown) row.append(head(column.name, place, column.kind, column.about, column.kind === "number" ? "down" : "up"));
    const body = make("tbody");
    const table = make("table", {}, make("thead", {}, row), body);
    const scroll = make("div", { className: "scroll", role: "region", tabIndex: 0, ariaLabel: `Table of ${data.noun}` }, table);
    body.addEventListener("click", (event) => {
      const line = event.target.closest("tr");
      if (line && !String(getSelection())) look(Number(line.dataset.row));
    });
    const breakable = (text) => {
      const [number, ends] = text.split(/ (?=\(.* to )/);
      if (ends) return [number, make("span", { className: "ends", textContent: ends })];
      return text.split(/(?<=_)/).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));
    };
    const line = (place) => {
      const name = make("button", { type: "button", className: "open", textContent: shownNames[place].slice(0, 400) || "(no name)" });
      name.setAttribute("aria-haspopup", "dialog");
      const tr = make("tr", {}, make("td", { className: "number", textContent: count(place + 1) }), make("th", { scope: "row" }, name));
      tr.dataset.row = String(place);
      if (sketch) tr.append(make("td", { className: "sketched" }, small(place)));
      for (const [column] of shown) tr.append(make("td", { className: column.kind === "number" ? "number" : "word" }, ...(column.low || column.kind === "text" ? breakable(cell(column, place)) : [cell(column, place)])));
      return tr;
    };

    // ---- pages --------------------------------------------------------------------------------------------------
    const turner = (text, to) => {
      const button = make("button", { type: "button", textContent: text });
      button.addEventListener("click", () => { state.page = to(); show(); });
      return button;
    };
    const last = () => Math.max(Math.ceil(state.rows.length / state.size) - 1, 0);
    const [first, back, on, end] = [
      turner("First", () => 0), turner("Previous", () => state.page - 1), turner("Next", () => state.page + 1), turner("Last", last),
    ];
    const where = make("span");
    const turning = make("div", { className: "tools", role: "group", ariaLabel: "Pages" }, first, back, where, on, end);
    const show = () => {
      state.page = Math.min(Math.max(state.page, 0), last());
      const begin = state.page * state.size;
      const visible = state.rows.slice(begin, begin + state.size);
      body.replaceChildren(...visible.map(line));
      first.disabled = back.disabled = state.page === 0;
      on.disabled = end.disabled = state.page === last();
      where.textContent = `page ${count(state.page + 1)} of ${count(last() + 1)}`;
      const held = data.total > many ? ` This page holds the first ${count(many)} of ${count(data.total)} by rank; the workbook and the JSON hold all.` : "";
      status.textContent = state.rows.length
        ? `${count(state.rows.length)} of ${count(many)} ${data.noun}; rows ${count(begin + 1)} to ${count(begin + visible.length)} are shown.${held}`
        : `None of the ${count(many)} ${data.noun} fits; take back a filter or the search.${held}`;
    };
    const renew = () => {
      state.rows = chosen();
      state.page = 0;
      show();
      chart?.paint();
    };
    const arrange = (column, way) => {
      state.column = column;
      state.way = way;
      for (const [th, place] of heads) {
        th.removeAttribute("aria-sort");
        if (place === column && column !== -1) th.setAttribute("aria-sort", way === "up" ? "ascending" : "descending");
        if (place === -1 && column === -1) th.setAttribute("aria-sort", way === "up" ? "ascending" : "descending");
      }
      const named = data.orders.findIndex((order) => order.column === column && order.way === way);
      own.hidden = named >= 0;
      select.value = named < 0 ? "own" : String(named);
      renew();
    };

    // ---- one row ------------------------------------------------------------------------------------------------
    const title = make("h3", { id: `${root.id}-one` });
    const place = make("p", { className: "note" });
    const content = make("div");
    const step = (text, by) => {
      const button = make("button", { type: "button", textContent: text });
      button.addEventListener("click", () => look(state.rows[state.rows.indexOf(open) + by]));
      return button;
    };
    const [earlier, later] = [step("Previous", -1), step("Next", 1)];
    const shut = make("button", { type: "button", textContent: "Close" });
    const dialog = make("dialog", { className: "one" }, make("div", { className: "top" },
      make("div", {}, title, place), make("div", { className: "tools" }, earlier, later, shut)), content);
    dialog.setAttribute("aria-labelledby", title.id);
    shut.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => {
      const at = state.rows.indexOf(open);
      if (at < 0) return;
      state.page = Math.floor(at / state.size);
      show();
      body.querySelector(`tr[data-row="${open}"] .open`)?.focus();
    });
    let open = -1;
    const numbers = (row) => {
      const filled = (column) => column && (column.kind === "flag" || !["", "–"].includes(cell(column, row)));
      const told = columns.filter((column) => filled(column) || filled(column.before));
      const staged = told.some((column) => filled(column.before));
      const lines = told.map((column) => {
        const tr = make("tr", {}, make("th", { scope: "row", textContent: column.name }), make("td", { textContent: cell(column, row) }));
        if (staged) tr.append(make("td", { textContent: filled(column.before) ? cell(column.before, row) : "" }));
        if (column.about) tr.title = column.about;
        return tr;
      });
      const heading = staged ? ["number", "after the rollout, or in all", "before"] : ["number", "value"];
      return make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "All numbers" }, make("table", {},
        make("thead", {}, make("tr", {}, ...heading.map((text) => make("th", { scope: "col", textContent: text })))), make("tbody", {}, ...lines)));
    };
    const look = (row) => {
      if (row === undefined) return;
      open = row;
      title.textContent = shownNames[row] || "(no name)";
      place.textContent = `Rank ${count(row + 1)} of ${count(data.total)} by need of attention`;
      const at = state.rows.indexOf(row);
      earlier.disabled = at <= 0;
      later.disabled = at < 0 || at === state.rows.length - 1;
      const parts = [];
      if (sentences) parts.push(make("p", { className: "said", textContent: plain(sentences[row]) }));
      const drawing = sketch && close(row);
      if (drawing) {
        const how = thinned[row] ? "The chart is thinned: it shows the lowest and highest of each stretch of points." : "Every point is drawn.";
        parts.push(
          make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Chart of this row" }, drawing),
          make("p", { className: "note", textContent: `${how} Solid line: centre; dashed: limits; diamonds: points beyond them. ${sketch.note}` }),
        );
      }
      if (data.command) {
        parts.push(make("p", { className: "code-label", textContent: data.label }));
        const name = names[row];
        parts.push(plain(name) === name && name
          ? make("pre", { tabIndex: 0 }, make("code", { textContent: `${data.command} --drill${name.startsWith("-") ? "=" : " "}${quoted(name)}` }))
          : make("p", { className: "note", textContent: "The name holds signs that cannot be shown, so no command is offered; take the row from the JSON." }));
      }
      parts.push(numbers(row));
      content.replaceChildren(...parts);
      dialog.scrollTop = 0;
      if (!dialog.open) dialog.showModal();
      if (document.activeElement?.disabled) shut.focus();
    };

    const chart = data.map && mapped();
    if (chart) live.append(chart.element);
    live.append(choices, tools, status, scroll, turning, dialog);
    root.prepend(live);
    root.classList.add("working");
    arrange(-1, "up");

    // ---- the map ------------------------------------------------------------------------------------------------
    function mapped() {
      const told = data.map;
      const [x, y, fromX, fromY] = ["x", "y", "from_x", "from_y"].map((name) => array(told[name]));
      const signal = flags(told.signal);
      const tells = told.tells.map((name) => columns.find((column) => column.name === name)).filter(Boolean);
      const canvas = make("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${told.caption} The table below holds the same streams.`);
      const tip = make("div", { className: "tip", hidden: true, ariaHidden: "true" });
      const box = make("div", { className: "chart" }, canvas, tip);
      const keys = make("p", { className: "keys" }, ...[["●", told.names[0], "data"], ["◆", told.names[1], "signal"], ["- -", [told.across.told, told.up.told].filter(Boolean).join("; "), ""]]
        .map(([sign, text, kind]) => make("span", {}, make("span", { className: kind, textContent: sign, ariaHidden: "true" }), ` ${text}`)));
      const element = make("figure", {}, box, keys, make("figcaption", { textContent: `${told.caption} Click a dot to open its stream.` }));
      const edge = { left: 52, right: 12, top: 10, bottom: 40 };
      let size = { width: 0, height: 0 };
      let dots = [];
      const scale = (axis, from, to) => (value) => from + ((Math.min(Math.max(value, axis.ends[0]), axis.ends[1]) - axis.ends[0]) / (axis.ends[1] - axis.ends[0])) * (to - from);
      const ticks = (axis, most) => {
        const raw = (axis.ends[1] - axis.ends[0]) / most;
        const ten = 10 ** Math.floor(Math.log10(raw));
        const by = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= raw);
        const out = [];
        for (let n = Math.ceil(axis.ends[0] / by); n * by <= axis.ends[1]; n += 1) out.push(Number((n * by).toPrecision(10)));
        return out;
      };
      const paint = () => {
        const wide = box.clientWidth;
        const high = box.clientHeight;
        if (!wide) return;
        size = { width: wide, height: high };
        const ratio = window.devicePixelRatio || 1;
        canvas.width = wide * ratio;
        canvas.height = high * ratio;
        const pen = canvas.getContext("2d");
        const style = getComputedStyle(document.documentElement);
        const colour = (name) => style.getPropertyValue(`--${name}`).trim();
        pen.scale(ratio, ratio);
        pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
        const px = scale(told.across, edge.left, wide - edge.right);
        const py = scale(told.up, high - edge.bottom, edge.top);
        pen.lineWidth = 1;
        pen.fillStyle = colour("soft");
        pen.strokeStyle = colour("line");
        pen.textAlign = "right";
        pen.textBaseline = "middle";
        for (const at of ticks(told.up, Math.max(Math.floor(high / 55), 2))) {
          pen.beginPath();
          pen.moveTo(edge.left, py(at));
          pen.lineTo(wide - edge.right, py(at));
          pen.stroke();
          pen.fillText(number(at, ".6g", data), edge.left - 7, py(at));
        }
        pen.textAlign = "center";
        for (const at of ticks(told.across, Math.max(Math.floor(wide / 110), 2))) pen.fillText(number(at, ".6g", data), px(at), high - edge.bottom + 13);
        pen.fillText(`${told.across.name} →`, (edge.left + wide) / 2, high - 9);
        pen.save();
        pen.translate(10, (high - edge.bottom) / 2);
        pen.rotate(-Math.PI / 2);
        pen.fillText(`${told.up.name} →`, 0, 0);
        pen.restore();
        pen.strokeStyle = colour("limit");
        pen.beginPath();
        pen.moveTo(edge.left, high - edge.bottom);
        pen.lineTo(wide - edge.right, high - edge.bottom);
        pen.stroke();
        pen.setLineDash([5, 4]);
        pen.beginPath();
        if (told.across.line !== null) { pen.moveTo(px(told.across.line), edge.top); pen.lineTo(px(told.across.line), high - edge.bottom); }
        if (told.up.line !== null) { pen.moveTo(edge.left, py(told.up.line)); pen.lineTo(wide - edge.right, py(told.up.line)); }
        pen.stroke();
        pen.setLineDash([]);
        const inside = new Uint8Array(many);
        for (const row of state.rows) inside[row] = 1;
        dots = [];
        const radius = many > 3000 ? 1.8 : many > 500 ? 2.4 : 3.2;
        for (const kind of [0, 1]) {
          for (const fade of [true, false]) {
            pen.globalAlpha = fade ? 0.12 : kind ? 0.85 : many > 3000 ? 0.45 : 0.7;
            pen.fillStyle = colour(kind ? "signal" : "data");
            pen.beginPath();
            for (let row = Math.min(many, x.length) - 1; row >= 0; row -= 1) {
              if (x[row] === null || signal[row] !== kind || Boolean(inside[row]) === fade) continue;
              const [a, b] = [px(x[row]), py(y[row])];
              if (kind) {
                const r = radius * 1.5;
                pen.moveTo(a, b - r); pen.lineTo(a + r, b); pen.lineTo(a, b + r); pen.lineTo(a - r, b); pen.closePath();
              } else {
                pen.moveTo(a + radius, b);
                pen.arc(a, b, radius, 0, 2 * Math.PI);
              }
              if (!fade) dots.push([a, b, row]);
            }
            pen.fill();
          }
        }
        pen.globalAlpha = 0.6;
        pen.strokeStyle = pen.fillStyle = colour("soft");
        for (let row = 0; row < fromX.length; row += 1) {
          if (fromX[row] === null || !inside[row]) continue;
          const [a, b, c, d] = [px(fromX[row]), py(fromY[row]), px(x[row]), py(y[row])];
          const angle = Math.atan2(d - b, c - a);
          pen.beginPath();
          pen.moveTo(a, b);
          pen.lineTo(c, d);
          pen.stroke();
          pen.beginPath();
          pen.moveTo(c, d);
          for (const turn of [-0.4, 0.4]) pen.lineTo(c - 7 * Math.cos(angle + turn), d - 7 * Math.sin(angle + turn));
          pen.fill();
        }
        pen.globalAlpha = 1;
      };
      const nearest = (event) => {
        const frame = canvas.getBoundingClientRect();
        const [a, b] = [event.clientX - frame.left, event.clientY - frame.top];
        let best = null;
        let least = 100;
        for (const dot of dots) {
          const far = (dot[0] - a) ** 2 + (dot[1] - b) ** 2;
          if (far < least) [best, least] = [dot, far];
        }
        return best;
      };
      canvas.addEventListener("pointermove", (event) => {
        const dot = nearest(event);
        tip.hidden = !dot;
        if (!dot) return;
        const row = dot[2];
        tip.textContent = `${shownNames[row].slice(0, 120)}: ${tells.map((column) => `${column.name} ${cell(column, row)}`).join(", ")}`;
        tip.style.left = `${Math.min(Math.max(dot[0] - tip.offsetWidth / 2, 0), Math.max(size.width - tip.offsetWidth, 0))}px`;
        tip.style.top = `${dot[1] > 60 ? dot[1] - tip.offsetHeight - 8 : dot[1] + 10}px`;
      });
      canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
      canvas.addEventListener("click", (event) => {
        const dot = nearest(event);
        if (dot) look(dot[2]);
      });
      new ResizeObserver(paint).observe(box);
      new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
      return { element, paint };
    }
  };

  for (const root of document.querySelectorAll(".explorer")) {
    if ("DecompressionStream" in window) working(root);
  }
})();
