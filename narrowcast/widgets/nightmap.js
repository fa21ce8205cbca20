// A map of people at night: who stands where, where the light of the messages falls, and who lit up.

/** What a person did so far; the order is the order of the bytes that Python sends. */
export const DEEDS = ["untouched", "ignored", "noticed", "anyway", "because"];

const COLOURS = {
  untouched: "rgba(148, 160, 190, 0.38)",
  ignored: "rgba(170, 180, 205, 0.72)",
  noticed: "rgba(236, 243, 255, 0.78)",
  anyway: "#e6a3cc",   // lifted from Okabe-Ito reddish purple, to stand out on the night
  because: "#f0e442",  // Okabe-Ito yellow
};
const GLOW = { old: [230, 159, 0], new: [0, 178, 130] };
const SCALE = 4096; // positions travel as whole numbers, 4096 to a unit of interest
export const POP = 0.22; // weeks that a person who just changed stays enlarged

/** Unpack the bytes of Python: positions, then for each side one byte a person and week. */
export function unpack(view, people, weeks) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  if (bytes.length !== people * 4 + people * weeks * 2) return null;
  const places = new Int16Array(bytes.buffer, 0, people * 2);
  const half = people * weeks;
  return {
    people, weeks,
    places: Float32Array.from(places, (value) => value / SCALE),
    old: bytes.subarray(people * 4, people * 4 + half),
    new: bytes.subarray(people * 4 + half),
  };
}

/** The deed of person `i` at time `t` (in weeks), and how long ago it changed. */
export function deedAt(crowd, side, i, t) {
  const lag = (((i * 2654435761) % 997) + 1) / 998; // in (0, 1]: people light up one by one, not all at once
  const done = Math.min(crowd.weeks, Math.floor(t + 1 - lag));
  if (done <= 0) return [0, 9];
  const states = crowd[side];
  const now = states[(done - 1) * crowd.people + i];
  const before = done > 1 ? states[(done - 2) * crowd.people + i] : 0;
  return [now, now === before ? 9 : t + 1 - lag - done];
}

/** How many people have done what after `week` weeks: five counts. */
export function tally(crowd, side, week) {
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < crowd.people; i += 1) {
    counts[week > 0 ? crowd[side][(week - 1) * crowd.people + i] : 0] += 1;
  }
  return counts;
}

/** Draw one deed's sign: a dot, a ring, a hollow diamond or a star. */
export function sign(context, deed, x, y, r) {
  context.fillStyle = COLOURS[deed];
  context.strokeStyle = COLOURS[deed];
  context.beginPath();
  if (deed === "untouched") context.arc(x, y, r * 0.5, 0, 7);
  else if (deed === "ignored") context.arc(x, y, r * 0.62, 0, 7);
  else if (deed === "noticed") {
    context.lineWidth = Math.max(0.8, r * 0.4);
    context.arc(x, y, r, 0, 7);
  } else if (deed === "anyway") {
    context.lineWidth = Math.max(1, r * 0.4);
    context.moveTo(x, y - r * 1.5);
    context.lineTo(x + r * 1.2, y);
    context.lineTo(x, y + r * 1.5);
    context.lineTo(x - r * 1.2, y);
    context.closePath();
  } else {
    for (let k = 0; k < 10; k += 1) {
      const reach = k % 2 ? r * 1.1 : r * 2.7;
      const turn = (k * Math.PI) / 5 - Math.PI / 2;
      context.lineTo(x + reach * Math.cos(turn), y + reach * Math.sin(turn));
    }
    context.closePath();
    context.lineWidth = Math.max(1, r * 0.5);
    context.strokeStyle = "rgba(10, 17, 34, 0.9)"; // a dark edge lifts a star off the crowd
    context.stroke();
  }
  if (deed === "noticed" || deed === "anyway") context.stroke();
  else context.fill();
}

function light(context, side, x, y, reach, glow, lit) {
  const [red, green, blue] = GLOW[side];
  const halo = context.createRadialGradient(x, y, 0, x, y, reach);
  const last = glow.length - 1;
  glow.forEach((chance, k) => { // how bright a place is, is how likely a person there is to notice
    const bright = 0.95 * lit * Math.max(0, (chance - glow[last]) / (0.8 - glow[last])) ** 1.7;
    halo.addColorStop(k / last, `rgba(${red}, ${green}, ${blue}, ${Math.min(1, bright).toFixed(3)})`);
  });
  context.fillStyle = halo;
  context.fillRect(x - reach, y - reach, 2 * reach, 2 * reach);
}

/** Draw one side. `scene`: { crowd, places, lights, glow, reach, extent, segments, lit, moving }. */
export function drawSide(context, width, height, side, scene, t) {
  const night = context.createRadialGradient(width / 2, height / 2, 0, width / 2, height / 2, width * 0.8);
  night.addColorStop(0, "#1a2744");
  night.addColorStop(1, "#0d1526");
  context.globalCompositeOperation = "source-over";
  context.fillStyle = night;
  context.fillRect(0, 0, width, height);
  const unit = Math.min(width, height) / (2 * scene.extent);
  const toX = (x) => width / 2 + x * unit;
  const toY = (y) => height / 2 - y * unit;
  context.globalCompositeOperation = "lighten"; // lights side by side stay side by side
  if (scene.lit > 0) {
    for (const [x, y] of scene.lights) {
      light(context, side, toX(x), toY(y), scene.reach * unit, scene.glow, scene.lit);
    }
  }
  context.globalCompositeOperation = "source-over";
  const { crowd, places } = scene;
  const r = Math.max(1.25, Math.min(2.7, width / 160));
  const step = width < 240 ? 2 : 1; // on a phone every second person is enough
  for (let wanted = 0; wanted < DEEDS.length; wanted += 1) { // the bright ones on top
    for (let i = 0; i < crowd.people; i += step) {
      const [deed, ago] = deedAt(crowd, side, i, t);
      if (deed !== wanted) continue;
      const swell = scene.moving && ago < POP ? 1 + 1.1 * (1 - ago / POP) : 1;
      sign(context, DEEDS[deed], toX(places[2 * i]), toY(places[2 * i + 1]), r * swell);
    }
  }
  if (width >= 300) nameGroups(context, width, height, scene.segments, toX, toY);
}

function nameGroups(context, width, height, segments, toX, toY) {
  context.font = "600 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const merged = segments.every(({ x, y }) => Math.hypot(x, y) < 0.05); // one mass: its names stand in a list
  for (const [row, { title, x, y }] of segments.entries()) {
    const far = Math.hypot(x, y) || 1;
    const push = far > 0.05 ? 1.3 : 0; // outwards of the group, clear of the light's heart
    const half = context.measureText(title).width / 2 + 8;
    const left = Math.min(width - half, Math.max(half, toX(x + (x / far) * push)));
    const listed = merged ? (row - (segments.length - 1) / 2) * 18 : 0;
    const top = Math.min(height - 14, Math.max(14, toY(y + (y / far) * push) + listed));
    context.strokeStyle = "rgba(10, 17, 34, 0.85)";
    context.lineWidth = 4;
    context.strokeText(title, left, top);
    context.fillStyle = "#ffffff";
    context.fillText(title, left, top);
  }
}
