// The README's examples, in order, on a server that is started as the README says, with other ports: each `console` block
// runs in a shell, each `js` block in Node and in a browser, and the output must be what the README shows. An ellipsis in
// the README matches any text. Then a user follows the link in the inbox with the mouse.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { assertShown, blocksOf, runConsole } from "../support/examples.mjs";
import { openBrowser, visit } from "./support/browser.mjs";
import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const START = /^((?:[A-Z_]+=\S+ )*)cargo run -- (.*)$/m;
const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

let server, site, folder;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-readme-"));
  site = await startSite();
  server = await startServer({ start });
});
after(async () => {
  await Promise.all([server?.stop(), site?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** The variables and options with which the README starts the server, with this port and the site's origin. */
function start(port) {
  const [, variables, options] = START.exec(readme);
  const adapt = (text) => text.replaceAll("http://localhost:3000", site.origin).replaceAll("4400", port);
  const pairs = variables.trim().split(" ");
  return {
    variables: Object.fromEntries(pairs.map((pair) => adapt(pair).split("="))),
    options: adapt(options).split(" "),
  };
}

const user = `${randomUUID()}@example.com`;

/** The README with this server's address, and with the e-mail address of a new user. */
function adapted() {
  return readme.replaceAll("http://localhost:4400", server.origin).replaceAll("ada@example.com", user);
}

/** Runs the script as a file in a folder in which the client is installed. */
async function runInNode(content, shown) {
  await writeFile(path.join(folder, "hello.mjs"), content);
  const modules = fileURLToPath(new URL("node_modules", import.meta.url));
  await symlink(modules, path.join(folder, "node_modules")).catch(() => {});
  const { stdout } = await promisify(execFile)(process.execPath, ["hello.mjs"], { cwd: folder });
  assertShown(stdout, shown);
}

async function runInBrowser(content, shown) {
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

test("the README's examples print what the README shows", async () => {
  const all = blocksOf(adapted());
  const run = { console: 0, js: 0 };
  for (const [number, { language, content }] of all.entries()) {
    if (language === "console") run.console += await runConsole(content, folder);
    if (language === "js") {
      const shown = all[number + 1];
      assert.equal(shown?.language, "text", "a script is followed by its output");
      await runInNode(content, shown.content);
      await runInBrowser(content, shown.content);
      run.js += 1;
    }
  }
  assert.ok(run.console > 0 && run.js > 0, "the README has examples of both kinds");
});

test("a user who follows the link in the inbox with the mouse sets a new password and signs in", async () => {
  const email = `${randomUUID()}@example.com`;
  const post = (route, body) =>
    fetch(`${server.origin}/api/auth${route}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: site.origin },
      body: JSON.stringify(body),
    });
  await post("/sign-up/email", { name: "Ada", email, password: "correct horse battery" });
  await post("/request-password-reset", { email });
  await linkFor(server, "reset-password", email);

  const browser = await openBrowser();
  try {
    const tab = await browser.newTab();
    await tab.open(`${server.origin}/`);
    await tab.follow('a[href="/dev/inbox"]');
    await tab.follow("a.follow");
    await tab.type("#newPassword", "staple correct horse");
    await tab.follow("button");
    const heading = await tab.evaluate(() => document.querySelector("h1").textContent);
    assert.equal(heading, "Your password is set");
    assert.deepEqual(tab.troubles, []);
  } finally {
    await browser.stop();
  }
  assert.equal((await post("/sign-in/email", { email, password: "staple correct horse" })).status, 200);
});
