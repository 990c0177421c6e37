// docs/guides/browser.md: its page runs in a browser, and calls its API.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { blocksOf, writeFiles } from "../support/examples.mjs";
import { freePort } from "../support/process.mjs";
import { visit } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const guide = await readFile(new URL("../../docs/guides/browser.md", import.meta.url), "utf8");

let folder, site, server, api, address;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-browser-guide-"));
  site = await startSite();
  address = `http://localhost:${await freePort()}`;
  await writeFiles(blocksOf(adapted("https://auth.example.com")), folder);
  server = await startServer({ start });
  await writeFiles(blocksOf(adapted(server.origin)), folder);
  await symlink(fileURLToPath(new URL("node_modules", import.meta.url)), path.join(folder, "node_modules"));
  ({ api } = await import(pathToFileURL(path.join(folder, "api.mjs"))));
  await once(api.listen(new URL(address).port, "127.0.0.1"), "listening");
});
after(async () => {
  api?.closeAllConnections();
  api?.close();
  await Promise.all([server?.stop(), site?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

function adapted(origin) {
  return guide
    .replaceAll("https://app.example.com", site.origin)
    .replaceAll("https://api.example.com", address)
    .replaceAll("https://auth.example.com", origin);
}

function start(port) {
  return {
    variables: { PORTCULLIS_BIND: `127.0.0.1:${port}`, PORTCULLIS_BASE_URL: `http://localhost:${port}` },
    options: ["serve", "--config", path.join(folder, "portcullis.toml")],
  };
}

test("a page of another origin signs in, calls the API, and signs out everywhere", async () => {
  const page = await readFile(path.join(folder, "page.mjs"), "utf8");
  const email = `${randomUUID()}@example.com`;
  const found = await visit(
    site,
    `${page}
    const before = await callApi("/me");
    const person = { name: "Ada", email: "${email}", password: "correct horse battery", locale: "en" };
    const { data } = await auth.signUp.email(person);
    const called = await callApi("/me");
    await signOut({ everywhere: true });
    const session = await auth.getSession();
    const after = await callApi("/me");
    report({ before, user: data.user, called, session: session.data, after, stored: localStorage.length });`,
  );
  const { before, user, called, session, after: afterwards, stored } = found;
  assert.equal(user?.email, email, JSON.stringify(found));
  assert.deepEqual(called, { id: user.id, locale: "en" });
  assert.deepEqual([before, session, afterwards, stored], [null, null, null, 0]);
});

test("the API rejects what is not a JWT for it", async () => {
  for (const authorization of ["", "Bearer x", "Basic x"])
    assert.equal((await fetch(`${address}/me`, { headers: { authorization } })).status, 401);
});
