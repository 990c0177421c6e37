// What `--write` changes: docs/performance.md between the markers of a section, docs/performance/results.json and the
// plots.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const docs = new URL("../../docs/", import.meta.url);
const page = fileURLToPath(new URL("performance.md", docs));
const folder = fileURLToPath(new URL("performance/", docs));
const results = `${folder}results.json`;

/** The results of earlier runs, by section. */
export function readResults() {
  return existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {};
}

export function writeResults(all) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(results, `${JSON.stringify(all, null, 1)}\n`);
}

/** Replaces the text of a section. A section without markers is added at the end of the page. */
export function writeSection(name, text, plots) {
  const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const pictures = Object.entries(plots).map(([file, { title }]) => `![${title}](performance/${file})`);
  const block = [start, text, ...pictures, end].join("\n\n").replaceAll(/\n{3,}/g, "\n\n");
  const before = existsSync(page) ? readFileSync(page, "utf8") : "# Performance\n";
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  const isMarked = from >= 0 && to > from;
  const after = isMarked
    ? before.slice(0, from) + block + before.slice(to + end.length)
    : `${before.trimEnd()}\n\n${block}\n`;
  writeFileSync(page, after);
  mkdirSync(folder, { recursive: true });
  for (const [file, { svg }] of Object.entries(plots)) writeFileSync(`${folder}${file}`, svg);
}
