// Output as Markdown: printed, and kept for the page of each section.
import { ratios, spreadOf, values } from "./rounds.mjs";

export class Report {
  #lines = [];

  /** Returns the lines since the last call, as Markdown. */
  take() {
    const text = this.#lines.join("\n").trim();
    this.#lines = [];
    return text;
  }

  heading(text) {
    this.#print(`\n### ${text}\n`);
  }

  note(text) {
    this.#print(`${text}\n`);
  }

  /** Prints a table. The first column is text, the others are numbers. */
  table(columns, rows) {
    const widths = columns.map((column, at) => Math.max(column.length, 3, ...rows.map((row) => row[at].length)));
    const line = (cells) => {
      const padded = cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
      this.#print(`| ${padded.join(" | ")} |`);
    };
    line(columns);
    line(widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
    rows.forEach(line);
    this.#print("");
  }

  /**
   * Prints the responses per second of every round, and the ratios of the given pairs, round by round: `[0, 1]` is the
   * first server divided by the second one.
   */
  rounds(title, measured, pairs = []) {
    const numbers = measured[0].rounds.map((_, at) => String(at + 1));
    const columns = [title, ...numbers, "median", "lowest–highest", "p50 ms", "p99 ms"];
    const servers = measured.map((server) => [
      server.name,
      ...row(values(server), perSecond),
      milliseconds(spreadOf(values(server, "median")).median),
      milliseconds(spreadOf(values(server, "tail")).median),
    ]);
    const compared = pairs.map(([one, other]) => [
      `${measured[one].name} / ${measured[other].name}`,
      ...row(ratios(measured[one], measured[other]), times),
      "",
      "",
    ]);
    this.table(columns, [...servers, ...compared]);
  }

  #print(line) {
    console.log(line);
    this.#lines.push(line);
  }
}

function row(list, shown) {
  const { median, low, high } = spreadOf(list);
  return [...list.map(shown), shown(median), `${shown(low)}–${shown(high)}`];
}

export function times(ratio) {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1);
}

export function perSecond(rate) {
  return rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
}

/** A time in milliseconds. It is not a number if the generator does not measure it. */
export function milliseconds(time) {
  if (Number.isNaN(time)) return "–";
  return time.toFixed(time < 10 ? 2 : 0);
}

export function mebibytes(size) {
  return size.toFixed(1);
}

/** Median and spread in one cell. */
export function cell(list, shown) {
  const { median, low, high } = spreadOf(list);
  return `${shown(median)} (${shown(low)}–${shown(high)})`;
}
