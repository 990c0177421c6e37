// Differences between the results of one step on both servers, and the list of accepted ones.
import { readFileSync } from "node:fs";

/**
 * Lists the differences as `path: BETTER AUTH -> PORTCULLIS`. If the status differs, that is one difference with both
 * codes, and in addition only headers, and cookies and rows if Portcullis set or changed any, are compared.
 */
export function differences(reference, ours) {
  const areAnswers = Boolean(reference?.status && ours?.status);
  if (!areAnswers || reference.status === ours.status) return unequal(flat(named(reference)), flat(named(ours)));
  const rest = ({ headers: { "content-type": _, location, ...headers }, ...step }) => ({ headers, ...step });
  const [left, right] = [rest(reference), rest(ours)].map(({ headers, cookies, rows }) => ({
    headers,
    cookies,
    rows,
  }));
  const done = (part) => Object.keys(ours[part]).length > 0;
  for (const part of ["cookies", "rows"].filter((part) => !done(part))) left[part] = right[part];
  return [`answer: ${outcome(reference)} -> ${outcome(ours)}`, ...unequal(flat(named(left)), flat(named(right)))];
}

/** Cookies by name. A client keeps the last of several lines with one name; the earlier ones get names of their own. */
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

/** Returns the leaves of a value by path. An empty object or array is a leaf. */
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

/** The accepted differences: the lines of `deviations.txt`. Their reasons are rows of `deviations.md`. */
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

  /** Whether a line matches the difference. Marks all matching lines as used. */
  excuse(scenario, step, difference) {
    const matching = this.#lines.filter(
      ({ parts }) => scenario.includes(parts[0]) && step.includes(parts[1]) && difference.includes(parts[2]),
    );
    for (const line of matching) line.isUsed = true;
    return matching.length > 0;
  }

  /** Lines that matched no difference. */
  unused() {
    return this.#lines.filter(({ isUsed }) => !isUsed).map(({ text }) => text);
  }

  /** Lines whose reason is not the first cell of a row of `page`. */
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
