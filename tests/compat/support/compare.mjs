// Where two accounts of the same step differ, and which of that is meant.
import { readFileSync } from "node:fs";

/**
 * Every place where they differ, as `path: REFERENCE -> OURS`. Where the status does, that is one difference,
 * with the codes; beside it only what ours did counts: its cookies, its rows.
 */
export function differences(reference, ours) {
  const areAnswers = Boolean(reference?.status && ours?.status);
  if (!areAnswers || reference.status === ours.status) return unequal(flat(named(reference)), flat(named(ours)));
  const beside = ({ headers: { "content-type": _, location, ...headers }, ...step }) => ({ headers, ...step });
  const [left, right] = [beside(reference), beside(ours)].map(({ headers, cookies, rows }) => ({
    headers,
    cookies,
    rows,
  }));
  const done = (part) => Object.keys(ours[part]).length > 0;
  for (const part of ["cookies", "rows"].filter((part) => !done(part))) left[part] = right[part];
  return [`answer: ${outcome(reference)} -> ${outcome(ours)}`, ...unequal(flat(named(left)), flat(named(right)))];
}

/** Cookies by their names. Of several lines the last is what a client keeps, so those before it are told apart. */
function named(step) {
  if (!step?.cookies?.length) return step;
  const cookies = step.cookies.map(({ name, ...cookie }, at) => {
    const before = step.cookies.slice(at + 1).filter((other) => other.name === name).length;
    return [before === 0 ? name : `${name}, ${before} before`, cookie];
  });
  return { ...step, cookies: Object.fromEntries(cookies) };
}

function outcome({ status, body }) {
  return [status, body.json?.code].filter(Boolean).join(" ");
}

function unequal(left, right) {
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  const found = paths
    .filter((path) => left.get(path) !== right.get(path) && !paths.some((other) => other.startsWith(`${path}.`)))
    .map((path) => `${path}: ${left.get(path) ?? "absent"} -> ${right.get(path) ?? "absent"}`);
  return found.length > 0 ? found : order(left, right);
}

/** A value's leaves by path. An empty object or array is a leaf. */
function flat(value, at = "", leaves = new Map()) {
  const isBranch = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  if (!isBranch) leaves.set(at, JSON.stringify(value) ?? "absent");
  else for (const [key, item] of Object.entries(value)) flat(item, at ? `${at}.${key}` : key, leaves);
  return leaves;
}

function order(left, right) {
  const [first, second] = [[...left.keys()], [...right.keys()]];
  const at = first.findIndex((path, index) => path !== second[index]);
  return at < 0 ? [] : [`order: ${JSON.stringify(first[at])} -> ${JSON.stringify(second[at])}`];
}

/** The differences that are meant: lines of `deviations.txt`, whose reasons are rows of `deviations.md`. */
export class Deviations {
  #lines;

  /** @param {string} text the file's lines: `scenario | step | path   # reason` */
  constructor(text) {
    this.#lines = text
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .map(parse);
  }

  static from(file) {
    return new Deviations(readFileSync(file, "utf8"));
  }

  /** Whether some line means it, which every such line will be remembered for. */
  excuse(scenario, step, difference) {
    const meaning = this.#lines.filter(
      ({ parts }) => scenario.includes(parts[0]) && step.includes(parts[1]) && difference.includes(parts[2]),
    );
    for (const line of meaning) line.isUsed = true;
    return meaning.length > 0;
  }

  /** Lines that excused nothing. */
  unused() {
    return this.#lines.filter(({ isUsed }) => !isUsed).map(({ text }) => text);
  }

  /** Lines whose reason is not the first cell of a row in this page. */
  unexplained(page) {
    return this.#lines.filter(({ reason }) => !page.includes(`\n| ${reason} |`)).map(({ text }) => text);
  }
}

function parse(text) {
  const [head, reason] = text.split(/\s+# /);
  const parts = head.split("|").map((part) => part.trim());
  if (parts.length !== 3 || parts.every((part) => part === "") || !reason)
    throw new Error(`not a deviation: ${text}`);
  return { text, parts, reason: reason.trim(), isUsed: false };
}
