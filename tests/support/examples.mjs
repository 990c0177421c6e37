// Examples in pages of the documentation: their code blocks, and the commands among them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const FENCED = /^```(\w+)\n(.*?)^```$/gms;
const COMMAND = /^\$ ((?:.*\\\n)*.*)\n/gm;
/** A block's first line that names a file, as a comment. */
const NAMED = /^(?:\/\/|#|--) (\S+\.\w+)\n/;

/** The code blocks of a page, in order. `file` is the name in the first line, if there is one. */
export function blocksOf(page) {
  return [...page.matchAll(FENCED)].map(([, language, content]) => ({
    language,
    content,
    file: NAMED.exec(content)?.[1],
  }));
}

/** Writes the blocks that name a file to a folder. Blocks of the same file are joined. Returns the names. */
export async function writeFiles(blocks, folder) {
  const files = new Map();
  for (const { file, content } of blocks)
    if (file) files.set(file, (files.get(file) ?? "") + content.replace(NAMED, ""));
  for (const [file, content] of files) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  return [...files.keys()];
}

/**
 * Runs the commands of a `console` block in a folder, and compares their output with the lines that follow each.
 * Returns the number of commands.
 */
export async function runConsole(content, folder) {
  const starts = [...content.matchAll(COMMAND)];
  for (const [number, { index, 0: line, 1: command }] of starts.entries()) {
    const { stdout } = await promisify(execFile)("bash", ["-euc", command], { cwd: folder });
    assertShown(stdout, content.slice(index + line.length, starts[number + 1]?.index));
  }
  return starts.length;
}

/** Asserts that the output is what a page shows. An ellipsis in the page matches any text. */
export function assertShown(printed, shown) {
  const pattern = shown.trim().split("…").map(escape).join(".+?");
  assert.match(printed.trim(), new RegExp(`^${pattern}$`));
}

function escape(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
