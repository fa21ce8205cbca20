// FlipLab: the old rules beside the new ones, on the same people with the same money.
import { calm, choice, el, fresh, latest, numbers, sheet, slider, speaker } from "./kit.js";
import { DEEDS, POP, drawSide, sign, tally, unpack } from "./nightmap.js";

const SIDES = ["old", "new"];
const WEEK_MS = 1150;
const DRIFT_MS = 320;

/** One side's figure: heading, map, and the numbers under it. */
function makeSide(side, say) {
  const title = fresh(side);
  const canvas = el("canvas", { role: "img", class: "nc-map" });
  const figure = el("div", { class: `nc-side nc-${side}` },
    el("h3", { id: title }, say(`${side}_title`)),
    el("p", { class: "nc-sub" }, say(`${side}_sub`)),
    canvas);
  const cells = {};
  const rows = ["reached", "noticed", "cost", "profit", "orders"].map((name) => {
    cells[name] = el("dd", {});
    return el("div", { class: name === "orders" ? "nc-total" : "" }, el("dt", {}, say(`kpi_${name}`)), cells[name]);
  });
  const list = el("div", { class: `nc-numbers nc-${side}`, role: "group", "aria-labelledby": title }, el("dl", {}, ...rows));
  return { canvas, figure, list, cells };
}

/** What the signs on the maps mean. */
function makeLegend(say) {
  return el("ul", { class: "nc-legend", "aria-label": say("legend") }, ...DEEDS.map((deed) => {
    const swatch = el("canvas", { width: 40, height: 40, "aria-hidden": "true" });
    const context = swatch.getContext("2d");
    sign(context, deed, 20, 20, 7);
    return el("li", {}, swatch, say(`deed_${deed}`));
  }));
}

/** The number line of precision: where each side wins, the break-even, the reader's bet; the slider rides on it. */
function makeLine(say, format, precision) {
  const flag = el("span", { class: "nc-flag" });
  const zoneOld = el("span", { class: "nc-zone nc-old" }, el("span", {}, say("zone_old")));
  const zoneNew = el("span", { class: "nc-zone nc-new" }, el("span", {}, say("zone_new")));
  const mark = el("span", { class: "nc-mark" });
  const guess = el("span", { class: "nc-guess" });
  const arrow = el("span", { class: "nc-arrow" });
  const row = (...children) => el("div", { class: "nc-rail", "aria-hidden": "true" }, ...children);
  const bar = row(zoneOld, zoneNew, mark);
  precision.input.before(row(flag), bar);
  precision.input.after(row(arrow, guess));
  precision.node.classList.add("nc-line");
  const put = (element, share) => {
    const at = Math.min(1, Math.max(0, share)) * 100;
    element.style.left = `${at}%`;
    element.style.setProperty("--nc-lean", `${-at}%`);
  };
  return {
    node: precision.node,
    show(breakeven, bet) {
      const wall = Math.min(1, Math.max(0, breakeven));
      zoneOld.style.width = `${wall * 100}%`;
      zoneNew.style.width = `${(1 - wall) * 100}%`;
      zoneOld.classList.toggle("nc-narrow", wall < 0.5); // only a sign where the thumb would cover the words
      zoneNew.classList.toggle("nc-narrow", wall > 0.5);
      put(mark, wall);
      put(flag, wall);
      mark.classList.toggle("nc-beyond", breakeven > 1 || breakeven < 0);
      flag.textContent = breakeven > 1 ? say("mark_never")
        : breakeven < 0 ? say("mark_always") : say("mark", { breakeven: format.share(breakeven) });
      put(guess, bet);
      put(arrow, bet);
      guess.textContent = say("mark_bet", { guess: format.share(bet) });
    },
  };
}

/** The bet: a guess of the break-even, and which side earns more. One press reveals. */
function makeBet(say, format, place) {
  const question = el("p", {});
  const second = el("p", { class: "nc-second" });
  const guess = slider({
    label: say("bet_guess"), min: 0, max: 1, step: 0.01, value: 0.5, format: format.share,
  });
  const button = (side) => el("button", {
    type: "button", class: `nc-bet-${side}`, onclick: () => place({ side, guess: guess.get() }),
  }, say(`bet_${side}`));
  const node = el("section", { class: "nc-panel nc-bet" },
    el("h3", {}, say("bet_title")), question, guess.node, second,
    el("div", { class: "nc-buttons" }, button("old"), button("new")));
  return {
    node,
    ask(result) {
      const { settings } = result;
      question.textContent = say("bet_question", {
        money: format.money(result.spend), ratio: format.one(settings.price_ratio),
      });
      second.textContent = say("bet_second", { precision: format.share(settings.precision) });
    },
  };
}

function render({ model, el: root }) {
  const say = speaker(model.get("messages"));
  const format = numbers(model.get("language"), model.get("currency"));
  let settings = { ...model.get("settings") };
  let result = model.get("result");
  let crowd = null;
  let from = null;      // places before the last drift, and when it began
  let began = -Infinity;
  let time = 0;         // weeks gone by on the maps
  let playing = null;   // when the play began, in milliseconds of the frame clock

  const sides = Object.fromEntries(SIDES.map((side) => [side, makeSide(side, say)]));
  const status = el("p", { class: "nc-unseen", role: "status" });
  const silence = el("p", { class: "nc-silence", role: "alert", hidden: true }, say("silence"));

  // -- Asking Python -------------------------------------------------------------------------------
  const line = latest({
    send(question, number) {
      model.set("settings", { ...question, request: number });
      model.save_changes();
    },
    late: () => { silence.hidden = false; },
  });
  const change = (name) => (value) => {
    settings = { ...settings, [name]: value };
    line.ask(settings);
  };

  // -- Controls ------------------------------------------------------------------------------------
  const limits = model.get("limits");
  const knob = (name, words) => slider({
    label: say(name), ends: name === "precision" ? [] : [say(`${name}_low`), say(`${name}_high`)],
    min: limits[name][0], max: limits[name][1], step: limits[name][2],
    value: settings[name], format: words, tell: change(name),
  });
  const knobs = {
    fragmentation: knob("fragmentation", (value) => say("today", { ratio: format.two(value) })),
    clutter: knob("clutter", format.whole),
    fit: knob("fit", format.share),
    price_ratio: knob("price_ratio", (value) => say("times", { ratio: format.one(value) })),
    precision: knob("precision", format.share),
  };
  const world = choice({
    legend: say("world"),
    options: model.get("worlds").map((name) => [name, say(`world_${name}`)]),
    value: settings.world,
    tell(name) {
      stop();
      change("world")(name);
    },
  });
  const meter = makeLine(say, format, knobs.precision);
  const bet = makeBet(say, format, (mine) => {
    model.set("bets", { ...model.get("bets"), [settings.world]: { ...mine, breakeven: result.breakeven, winner: result.winner } });
    model.save_changes();
    show();
    headline.focus({ preventScroll: true });
    play();
  });

  // -- The weeks -----------------------------------------------------------------------------------
  const weeks = slider({
    label: say("weeks"), min: 0, max: result.weeks, step: 1, value: 0,
    format: (value) => (value ? say("week", { week: format.whole(value) }) : say("week_none")),
    tell(value) {
      stop();
      time = value;
      weeks.set(value);
      describe();
      redraw();
    },
  });
  const playButton = el("button", { type: "button", class: "nc-play", onclick: () => (playing === null ? play() : stop()) });
  function play() {
    if (calm()) {
      time = result.weeks;
      weeks.set(time);
    } else {
      time = 0;
      playing = window.performance.now();
      playButton.textContent = say("pause");
    }
    redraw();
  }
  function stop() {
    if (playing === null) return;
    playing = null;
    time = Math.max(0, Math.min(Math.ceil(time), result.weeks));
    weeks.set(time);
    playButton.textContent = say("play");
    redraw();
  }

  // -- Words ---------------------------------------------------------------------------------------
  const lede = el("p", { class: "nc-lede" });
  const headline = el("h3", { class: "nc-headline", tabindex: "-1" });
  const sentence = el("p", { class: "nc-sentence" });
  const betLine = el("p", { class: "nc-betline" });
  const question = el("p", {});
  const verdict = el("section", { class: "nc-panel nc-verdict" },
    el("div", { class: "nc-words", "aria-live": "off" }, headline, sentence), meter.node, betLine);
  const controls = el("section", { class: "nc-panel nc-controls" },
    el("h3", {}, say("controls")), knobs.fragmentation.node, knobs.clutter.node, knobs.fit.node, knobs.price_ratio.node);
  const takeaway = el("section", { class: "nc-take" }, el("h3", {}, say("take_title")), question);
  const note = el("p", { class: "nc-note" });
  const transport = el("div", { class: "nc-transport" }, playButton, weeks.node);

  function judge() {
    const { breakeven, winner } = result;
    const ahead = result.new.profit > result.old.profit ? "new" : "old";
    const kind = breakeven > 1 ? "never" : breakeven < 0 ? "always" : "some";
    return [
      say(`wins_${winner}`, { old: format.whole(result.old.orders), new: format.whole(result.new.orders) }),
      say(`sentence_${kind}`, { breakeven: format.share(breakeven), precision: format.share(result.settings.precision) })
        + (winner !== "even" && ahead !== winner ? ` ${say(`profit_${ahead}`)}` : ""),
    ];
  }
  function recall(mine) {
    const { breakeven, winner } = mine;
    const outcome = winner === "even" ? "bet_even" : mine.side === winner ? "bet_right" : "bet_wrong";
    const side = say(outcome, { side: say(`side_${mine.side}`) });
    const points = Math.round((breakeven - mine.guess) * 100);
    const gap = breakeven > 1 ? say("gap_never") : breakeven < 0 ? say("gap_always")
      : points === 0 ? say("gap_none") : say(points > 0 ? "gap_low" : "gap_high", { points: format.whole(Math.abs(points)), breakeven: format.share(breakeven) });
    return `${side} ${gap}`;
  }

  let voice = 0;
  function announce(words) {
    window.clearTimeout(voice);
    voice = window.setTimeout(() => { status.textContent = words; }, 700);
  }

  function show() {
    const mine = model.get("bets")[result.settings.world];
    const open = Boolean(mine);
    for (const node of [verdict, controls, transport, takeaway, note, sides.old.list, sides.new.list]) node.hidden = !open;
    bet.node.hidden = open;
    lede.textContent = say(`lede_${result.settings.world}`);
    question.textContent = say(`take_${result.settings.world}`);
    bet.ask(result);
    note.textContent = say(result.one_in > 1 ? "note_some" : "note", {
      sample: format.whole(result.sample), customers: format.whole(result.customers), every: format.whole(result.one_in),
    });
    root.dataset.stage = open ? "open" : "bet";
    root.dataset.winner = open ? result.winner : "";
    if (!open) time = 0;
    else if (playing === null && time === 0) time = result.weeks;
    weeks.set(Math.round(time));
    for (const side of SIDES) {
      const { cells } = sides[side];
      const kpis = result[side];
      cells.reached.textContent = say("of", { part: format.whole(kpis.reached), whole: format.whole(result.customers) });
      cells.noticed.textContent = format.whole(kpis.noticed);
      cells.orders.textContent = format.whole(kpis.orders);
      cells.cost.textContent = format.money(kpis.cost);
      cells.profit.textContent = format.money(kpis.profit);
      sides[side].figure.classList.toggle("nc-winner", open && result.winner === side);
    }
    if (open) {
      const [head, tail] = judge();
      headline.textContent = head;
      sentence.textContent = tail;
      meter.show(result.breakeven, mine.guess);
      betLine.textContent = recall(mine);
      announce(`${head} ${tail}`);
    }
    describe();
    redraw();
  }
  function describe() {
    const week = Math.round(time);
    for (const side of SIDES) {
      const counts = tally(crowd, side, week).map(format.whole);
      sides[side].canvas.setAttribute("aria-label", say("map", {
        side: say(`${side}_title`), people: format.whole(crowd.people),
        week: week ? say("week", { week }) : say("week_none"),
        ignored: counts[1], noticed: counts[2], anyway: counts[3], because: counts[4],
      }));
    }
  }

  // -- Drawing -------------------------------------------------------------------------------------
  function placesAt(now) {
    const part = Math.min(1, (now - began) / DRIFT_MS);
    if (part >= 1 || !from || from.length !== crowd.places.length || calm()) return [crowd.places, false];
    const ease = 1 - (1 - part) ** 3;
    return [crowd.places.map((value, k) => from[k] + (value - from[k]) * ease), true];
  }
  function paint(side) {
    return (context, width, height, now) => {
      if (!crowd) return false;
      if (playing !== null) {
        time = Math.max(0, (now - playing) / WEEK_MS);
        const gone = Math.min(result.weeks, Math.floor(time));
        if (weeks.get() !== gone) weeks.set(gone);
        if (now - playing >= (result.weeks + POP) * WEEK_MS) {
          stop();
          describe();
        }
      }
      const [places, drifting] = placesAt(now);
      drawSide(context, width, height, side, {
        crowd, places, lights: result[side].lights, glow: result.glow, reach: result.glow_reach,
        extent: result.extent, segments: result.segments,
        lit: root.dataset.stage === "open" ? Math.min(1, time * 2) : 0, moving: playing !== null,
      }, time);
      return drifting || playing !== null;
    };
  }
  const sheets = SIDES.map((side) => sheet(sides[side].canvas, paint(side)));
  function redraw() {
    for (const one of sheets) one.redraw();
  }

  // -- Hearing Python ------------------------------------------------------------------------------
  function heard() {
    const next = model.get("result");
    const fresher = unpack(model.get("people"), next.drawn, next.weeks);
    if (!fresher) return;
    if (crowd) {
      from = placesAt(window.performance.now())[0];
      began = window.performance.now();
    }
    silence.hidden = true;
    result = next;
    crowd = fresher;
    show();
    line.heard(next.request);
    if (!line.busy()) {
      settings = { ...next.settings };
      for (const [name, one] of Object.entries(knobs)) one.set(settings[name]);
      world.set(settings.world);
    }
  }
  model.on("change:result", heard);

  root.classList.add("nc", "nc-fliplab");
  root.lang = model.get("language");
  root.append(el("div", { class: "nc-page" },
    el("header", { class: "nc-head" },
      el("div", {}, el("p", { class: "nc-kicker" }, say("kicker")), el("h2", {}, say("title"))), world.node),
    lede,
    el("div", { class: "nc-stage" },
      el("div", { class: "nc-maps" }, sides.old.figure, sides.new.figure),
      makeLegend(say), transport,
      el("div", { class: "nc-figures" }, sides.old.list, sides.new.list), note),
    el("div", { class: "nc-desk" }, verdict, bet.node, controls), takeaway, silence, status));
  playButton.textContent = say("play");
  heard();

  return () => {
    model.off("change:result", heard);
    window.clearTimeout(voice);
    line.close();
    for (const one of sheets) one.close();
  };
}

export default { render };
