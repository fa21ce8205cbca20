// What every widget's view is made of: elements, words, numbers, native controls, a canvas that
// stays sharp, and a line to Python that carries one question at a time.

/** Make an element: `el("p", { class: "nc-lede" }, "words", child)`. Text is always text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** An identifier that no other view on the page has, for labels. */
let born = 0;
export const fresh = (stem) => `nc-${stem}-${(born += 1)}`;

/** Look words up by key; `{name}` in them is replaced by the value of that name. */
export function speaker(messages) {
  return (key, values = {}) =>
    (messages[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Numbers as a reader of `language` writes them. */
export function numbers(language, currency) {
  const make = (options) => new Intl.NumberFormat(language, options);
  const whole = make({ maximumFractionDigits: 0 });
  const one = make({ maximumFractionDigits: 1 });
  const two = make({ maximumFractionDigits: 2 });
  const share = make({ style: "percent", maximumFractionDigits: 0 });
  const money = make({
    style: "currency", currency, currencyDisplay: "narrowSymbol",
    notation: "compact", compactDisplay: language.startsWith("vi") ? "long" : "short", // "N" for a thousand says little
    maximumSignificantDigits: 3,
  });
  return {
    whole: (value) => whole.format(value),
    one: (value) => one.format(value),
    two: (value) => two.format(value),
    share: (value) => share.format(value),
    money: (value) => money.format(value).replace("-", "\u2212"),
  };
}

/** True where the reader asked their system for less motion. */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A native slider with its label, its value in words and its two ends named.
 * Returns { node, input, set(value), get() }; `tell(value)` is called as it moves.
 */
export function slider({ label, help, min, max, step, value, format, ends = [], tell }) {
  const id = fresh("slider");
  const input = el("input", { type: "range", id, min, max, step, class: "nc-range" });
  const output = el("output", { for: id, class: "nc-value" });
  const show = () => {
    const words = format(Number(input.value));
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
    const span = max - min || 1;
    input.style.setProperty("--nc-filled", `${((Number(input.value) - min) / span) * 100}%`);
  };
  input.addEventListener("input", () => {
    show();
    tell?.(Number(input.value));
  });
  const head = el("div", { class: "nc-slider-head" }, el("label", { for: id }, label), output);
  const foot = ends.length
    ? el("div", { class: "nc-ends", "aria-hidden": "true" }, el("span", {}, ends[0]), el("span", {}, ends[1]))
    : null;
  let hint = null;
  if (help) {
    hint = el("p", { class: "nc-help", id: `${id}-help` }, help);
    input.setAttribute("aria-describedby", hint.id);
  }
  const set = (next) => {
    input.value = next;
    show();
  };
  set(value);
  return {
    node: el("div", { class: "nc-slider" }, head, input, foot, hint),
    input, set, get: () => Number(input.value),
  };
}

/** A group of native radio buttons drawn as one strip. Returns { node, set(value) }. */
export function choice({ legend, options, value, tell }) {
  const name = fresh("choice");
  const inputs = new Map();
  const strip = options.map(([key, words]) => {
    const input = el("input", { type: "radio", name, value: key, onchange: () => tell(key) });
    inputs.set(key, input);
    return el("label", {}, input, el("span", {}, words));
  });
  const node = el("fieldset", { class: "nc-choice" }, el("legend", {}, legend), el("div", {}, ...strip));
  const set = (key) => {
    if (inputs.has(key)) inputs.get(key).checked = true;
  };
  set(value);
  return { node, set };
}

/**
 * One question on its way to Python at a time; of those that pile up meanwhile only the latest is sent.
 * `send(question, number)` asks; call `heard(number)` when its answer came; `late()` is told of silence.
 */
export function latest({ send, late, patience = 10_000 }) {
  let waiting = null;
  let asked = Math.floor(Math.random() * 2 ** 30); // two views of one model don't take each other's answers
  let flying = false;
  let clock = 0;
  const next = () => {
    flying = false;
    window.clearTimeout(clock);
    if (waiting === null) return;
    const question = waiting;
    waiting = null;
    flying = true;
    asked += 1;
    clock = window.setTimeout(() => {
      late();
      next();
    }, patience);
    send(question, asked);
  };
  return {
    ask(question) {
      waiting = question;
      if (!flying) next();
    },
    heard(number) {
      if (number === asked) next();
    },
    busy: () => flying,
    close: () => window.clearTimeout(clock),
  };
}

/**
 * A canvas that follows its box and the screen's density, and draws at most once a frame.
 * `draw(context, width, height, now)` returns true while it wants a further frame.
 */
export function sheet(canvas, draw) {
  const context = canvas.getContext("2d");
  let frame = 0;
  const paint = (now) => {
    frame = 0;
    const density = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    if (draw(context, width, height, now)) redraw();
  };
  const redraw = () => {
    if (!frame) frame = window.requestAnimationFrame(paint);
  };
  const watcher = new ResizeObserver(redraw);
  watcher.observe(canvas);
  return {
    redraw,
    close() {
      watcher.disconnect();
      window.cancelAnimationFrame(frame);
    },
  };
}
