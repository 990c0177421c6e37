// Plots as SVG, readable on light and dark pages.
const WIDTH = 720;
const LEFT = 190;
const RIGHT = 90;
const TOP = 44;
const BAR = 26;
const COLOURS = ["#2563eb", "#d97706", "#059669", "#9333ea", "#64748b", "#dc2626"];
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2937; }
  .title { font-weight: 600; font-size: 15px; }
  .axis { stroke: #9ca3af; stroke-width: 1; }
  .range { stroke: #1f2937; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb; }
    .axis { stroke: #6b7280; }
    .range { stroke: #e5e7eb; }
  }`;

/** Horizontal bars of `{ name, value, low, high }`, with the range of the rounds as a line. */
export function bars(title, rows, shown) {
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(...rows.map(({ high, value }) => high ?? value));
  const drawn = rows.map(({ name, value, low = value, high = value }, at) => {
    const y = TOP + at * (BAR + 8);
    const middle = y + BAR / 2;
    return [
      label(LEFT - 8, middle + 4, name, "end"),
      `<rect x="${LEFT}" y="${y}" width="${fixed(value * scale)}" height="${BAR}" fill="${COLOURS[at % COLOURS.length]}"/>`,
      `<line class="range" x1="${fixed(LEFT + low * scale)}" x2="${fixed(LEFT + high * scale)}" y1="${middle}" y2="${middle}"/>`,
      label(LEFT + high * scale + 6, middle + 4, shown(value)),
    ].join("\n");
  });
  return picture(title, TOP + rows.length * (BAR + 8) + 10, drawn);
}

/**
 * Lines over values of `x`, which stand at equal distances. A series is `{ name, values }`; the scale is logarithmic
 * because the servers differ by orders of magnitude.
 */
export function lines(title, x, series, shown, unit) {
  const height = 300;
  const all = series.flatMap(({ values }) => values);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const across = (at) => 90 + (at * (WIDTH - 90 - 150)) / Math.max(x.length - 1, 1);
  const up = (value) => TOP + height - (height * Math.log10(value / low)) / Math.log10(high / low);
  const drawn = grid(low, high, up, shown);
  drawn.push(...x.map((value, at) => label(across(at), TOP + height + 20, value, "middle")));
  drawn.push(label((90 + WIDTH - 150) / 2, TOP + height + 42, unit, "middle"));
  const ends = apart(series.map(({ values }) => up(values.at(-1)) + 4));
  for (const [at, { name, values }] of series.entries()) {
    const colour = COLOURS[at % COLOURS.length];
    const points = values.map((value, place) => `${fixed(across(place))},${fixed(up(value))}`);
    drawn.push(`<polyline fill="none" stroke="${colour}" stroke-width="2.5" points="${points.join(" ")}"/>`);
    drawn.push(label(across(x.length - 1) + 8, ends[at], name, "start", colour));
  }
  return picture(title, TOP + height + 56, drawn);
}

function grid(low, high, up, shown) {
  const drawn = [];
  for (let value = low; value <= high; value *= 10) {
    const y = fixed(up(value));
    drawn.push(`<line class="axis" x1="84" x2="${WIDTH - 150}" y1="${y}" y2="${y}" stroke-dasharray="2 4"/>`);
    drawn.push(label(78, up(value) + 4, shown(value), "end"));
  }
  return drawn;
}

/** Moves labels so far down that none covers another one. */
function apart(places) {
  const moved = [...places];
  const order = moved.map((_, at) => at).sort((a, b) => places[a] - places[b]);
  for (let at = 1; at < order.length; at += 1)
    moved[order[at]] = Math.max(moved[order[at]], moved[order[at - 1]] + 15);
  return moved;
}

function picture(title, height, drawn) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="12" y="24">${escaped(title)}</text>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function label(x, y, text, anchor = "start", colour) {
  const fill = colour ? ` style="fill: ${colour}"` : "";
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}"${fill}>${escaped(String(text))}</text>`;
}

function fixed(number) {
  return number.toFixed(1);
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
