// The README's examples, in order: each `console` block runs in a shell, each `js` block in a browser, and the output
// must be what the README shows. An ellipsis in the README matches any text.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { visit } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const FENCED = /^```(\w+)\n(.*?)^```$/gms;
const COMMAND = /^\$ ((?:.*\\\n)*.*)\n/gm;
const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

let server, site, folder;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-readme-"));
  site = await startSite();
  server = await startServer({ trustedOrigins: [site.origin] });
});
after(async () => {
  await Promise.all([server?.stop(), site?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** The README with this server's address, and with the e-mail address of a new user. */
function adapted() {
  return readme
    .replaceAll("http://localhost:3000/", `${server.origin}/`)
    .replaceAll('"http://localhost:3000"', `"${server.origin}"`)
    .replaceAll("ada@example.com", `${randomUUID()}@example.com`);
}

function blocks() {
  return [...adapted().matchAll(FENCED)].map(([, language, content]) => ({ language, content }));
}

async function runConsole(content) {
  const starts = [...content.matchAll(COMMAND)];
  for (const [number, { index, 0: line, 1: command }] of starts.entries()) {
    const { stdout } = await promisify(execFile)("bash", ["-euc", command], { cwd: folder });
    assertShown(stdout, content.slice(index + line.length, starts[number + 1]?.index));
  }
  return starts.length;
}

async function runScript(content, shown) {
  const printed = await visit(
    site,
    `const lines = [];
    console.log = (...values) => lines.push(values.join(" "));
    ${content}
    report(lines);`,
  );
  assert.ok(Array.isArray(printed), JSON.stringify(printed));
  assertShown(printed.join("\n"), shown);
}

function assertShown(printed, shown) {
  const pattern = shown.trim().split("…").map(escape).join(".+?");
  assert.match(printed.trim(), new RegExp(`^${pattern}$`));
}

function escape(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

test("the README's examples print what the README shows", async () => {
  const all = blocks();
  const run = { console: 0, js: 0 };
  for (const [number, { language, content }] of all.entries()) {
    if (language === "console") run.console += await runConsole(content);
    if (language === "js") {
      const shown = all[number + 1];
      assert.equal(shown?.language, "text", "a script is followed by its output");
      await runScript(content, shown.content);
      run.js += 1;
    }
  }
  assert.ok(run.console > 0 && run.js > 0, "the README has examples of both kinds");
});
