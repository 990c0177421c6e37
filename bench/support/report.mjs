// Output as Markdown.

export function heading(text) {
  console.log(`\n## ${text}\n`);
}

/** Prints a table. The first column is text, the others are numbers. */
export function table(columns, rows) {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at].length)));
  const line = (cells) => {
    const padded = cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
    console.log(`| ${padded.join(" | ")} |`);
  };
  line(columns);
  line(widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  rows.forEach(line);
  console.log();
}

export function ratio(what, value) {
  console.log(`* ${what}: ${value < 0.1 ? value.toPrecision(1) : value.toFixed(2)}`);
}

export function perSecond(rate) {
  return rate.toFixed(rate < 100 ? 1 : 0);
}

export function milliseconds(time) {
  return time.toFixed(time < 10 ? 2 : 0);
}

export function mebibytes(size) {
  return size.toFixed(0);
}
