// Writes the databases of all kinds: node generate.mjs [FOLDER]. Without a folder, `databases/` is replaced.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startPostgres } from "../../support/postgres.mjs";
import { kinds } from "./kinds.mjs";

export const committed = fileURLToPath(new URL("databases", import.meta.url));
const maker = fileURLToPath(new URL("make.mjs", import.meta.url));

/** Writes the files of all kinds into a folder. */
export async function generate(folder) {
  mkdirSync(folder, { recursive: true });
  const postgres = await startPostgres();
  try {
    // Better Auth writes the names of one kind into its plugins, so each kind needs its own process.
    const make = (kind) => promisify(execFile)(process.execPath, [maker, kind, folder, postgres.url]);
    await Promise.all(Object.keys(kinds).map(make));
  } finally {
    await postgres.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = path.resolve(process.argv[2] ?? committed);
  if (folder === committed) rmSync(committed, { recursive: true, force: true });
  await generate(folder);
}
