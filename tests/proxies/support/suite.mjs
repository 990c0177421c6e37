// What every proxy must do, with the configuration of the documentation.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { linkFor } from "../../client/support/inbox.mjs";
import { startServer } from "../../client/support/server.mjs";
import { startPostgres } from "../../support/postgres.mjs";
import { startApplication } from "./application.mjs";
import { HOST, identity, received, send } from "./client.mjs";
import { adapt, blocks } from "./page.mjs";
import { startProxy } from "./proxy.mjs";

const NAMES = ["X-Portcullis-User-Id", "X-Portcullis-User-Email", "X-Portcullis-Session-Id", "X-Portcullis-Token"];
const SECRET = "a secret that only the test and its server know, 4711";
const PAGE = ["Accept", "text/html,application/xhtml+xml,*/*;q=0.8"];

/** Every spelling of a name that an application could read as the name. */
function spellings(name) {
  const parts = name.split("-");
  const joined = parts.slice(1).reduce((all, part) => all.flatMap((text) => [`${text}-${part}`, `${text}_${part}`]), [parts[0]]);
  return joined.flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
}

/**
 * Declares the tests of a proxy. `configure` and `command` are those of `startProxy`; `configure` also gets the ports of
 * Portcullis and of the application. `unavailable` is the status while the check fails.
 */
export function suite({ configure, command, unavailable }) {
  let postgres, server, application, proxy, open, folder;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-proxies-"));
    const file = path.join(folder, "portcullis.toml");
    await writeFile(file, `${blocks("toml").join("\n")}\n[plugins.jwt]\n`);
    postgres = await startPostgres();
    server = await startServer({
      environment: { DATABASE_URL: postgres.url, BETTER_AUTH_SECRET: SECRET },
      start: (port) => ({
        variables: { PORTCULLIS_BIND: `127.0.0.1:${port}`, PORTCULLIS_BASE_URL: `http://localhost:${port}` },
        options: ["serve", "--config", file],
      }),
    });
    application = await startApplication();
    const ports = { portcullis: new URL(server.origin).port, application: application.port };
    const start = (adapted) => startProxy({ command, configure: (place) => adapted(configure({ ...place, ...ports })) });
    proxy = await start((text) => text);
    open = await start((text) => adapt(text, { "forward-auth/verified": "forward-auth/public" }));
  });
  after(async () => {
    await Promise.all([proxy?.stop(), open?.stop(), server?.stop()]);
    application?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Signs a new user up and in through the proxy, and returns the cookie. The first verification ends earlier sessions. */
  async function person({ isVerified = true } = {}) {
    const credentials = { email: `${randomUUID()}@example.com`, password: "correct horse battery" };
    await post("/api/auth/sign-up/email", { name: "Ada", ...credentials });
    if (isVerified) await verify(credentials.email);
    const answer = await post("/api/auth/sign-in/email", credentials);
    assert.equal(answer.status, 200, answer.text);
    const cookie = answer.headers["set-cookie"].map((line) => line.split(";")[0]).join("; ");
    return { email: credentials.email, cookie, id: JSON.parse(answer.text).user.id };
  }

  function post(route, body, headers = []) {
    const origin = ["Origin", server.origin];
    const json = ["Content-Type", "application/json"];
    return send(proxy, { method: "POST", path: route, body: JSON.stringify(body), headers: [origin, json, ...headers] });
  }

  /** Follows the link of the mail that verifies the address. */
  async function verify(email) {
    await post("/api/auth/send-verification-email", { email });
    const link = await linkFor(server, "verify-email", email);
    const answer = await fetch(link, { redirect: "manual" });
    assert.equal(answer.status, 302);
  }

  test("a signed-in user reaches the application with the headers of the user", async () => {
    const ada = await person();
    for (const [method, body] of [["GET"], ["POST", "content"], ["DELETE"]]) {
      const answer = await send(proxy, { method, path: "/notes?a=1", body, headers: [["Cookie", ada.cookie]] });
      const request = received(answer);
      assert.deepEqual([request.method, request.url, request.body], [method, "/notes?a=1", body ?? ""]);
      const found = identity(request);
      assert.deepEqual(found["x-portcullis-user-id"], [ada.id]);
      assert.deepEqual(found["x-portcullis-user-email"], [ada.email]);
      assert.equal(found["x-portcullis-session-id"].length, 1);
      const [token] = found["x-portcullis-token"];
      const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
      assert.equal(claims.sub, ada.id);
      assert.equal(answer.headers["set-cookie"], undefined);
    }
  });

  test("a client without a session gets 401, and nothing reaches the application", async () => {
    const before = application.requests;
    const forged = ["Cookie", "better-auth.session_token=forged.forged"];
    for (const headers of [[], [forged], [["Accept", "application/json"]]]) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const { status, headers: sent } = await send(proxy, { method, path: "/notes", headers });
        assert.deepEqual([status, sent.location], [401, undefined]);
      }
    }
    assert.equal(application.requests, before);
  });

  test("a browser that opens a page is led to the sign-in page, and back to the page", async () => {
    const answer = await send(proxy, { path: "/notes?a=1&b=%20%26", headers: [PAGE] });
    const callback = encodeURIComponent(`https://${HOST}/notes?a=1&b=%20%26`);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, `https://${HOST}/sign-in?callbackURL=${callback}`);
    const posted = await send(proxy, { method: "POST", path: "/notes", headers: [PAGE] });
    assert.equal(posted.status, 401);
  });

  test("a browser is never led to a foreign host", async () => {
    for (const forged of [
      ["X-Forwarded-Host", "evil.test"],
      ["X-Original-URL", "https://evil.test/"],
      ["X-Forwarded-Uri", "@evil.test/"],
      ["X-Forwarded-Proto", "javascript"],
    ]) {
      const { headers } = await send(proxy, { path: "/notes", headers: [PAGE, forged] });
      assert.ok(headers.location?.startsWith(`https://${HOST}/sign-in`), headers.location);
      assert.ok(!headers.location.includes("evil.test") && !headers.location.includes("javascript"), headers.location);
    }
  });

  test("forged identity headers never reach the application, in no spelling", async () => {
    const ada = await person();
    const forgeries = NAMES.flatMap((name) => spellings(name).flatMap((spelling) => [[[spelling, "forged"]], [[spelling, ""]]]));
    const repeated = NAMES.map((name) => [[name, "forged"], [name, "forged"], [name.toLowerCase(), "forged, forged"]]);
    const all = [NAMES.flatMap((name) => spellings(name).map((spelling) => [spelling, "forged"]))];
    for (const headers of [...forgeries, ...repeated, ...all]) {
      const signedIn = received(await send(proxy, { path: "/", headers: [...headers, ["Cookie", ada.cookie]] }));
      const found = identity(signedIn);
      assert.deepEqual(found["x-portcullis-user-id"], [ada.id], JSON.stringify(headers));
      assert.ok(!JSON.stringify(found).includes("forged"), JSON.stringify([headers, found]));
      assert.ok(NAMES.every((name) => found[name.toLowerCase()].length === 1), JSON.stringify([headers, found]));

      const anonymous = identity(received(await send(open, { path: "/", headers })));
      assert.ok(Object.values(anonymous).flat().every((value) => value === ""), JSON.stringify([headers, anonymous]));
    }
  });

  test("a user who does not meet a requirement gets 403", async () => {
    const eve = await person({ isVerified: false });
    const before = application.requests;
    for (const path of ["/", "/../public", "/%2e%2e/public", "//public", "/api/auth/../notes"]) {
      const answer = await send(proxy, { path, headers: [["Cookie", eve.cookie]] });
      assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
    }
    const { status } = await send(proxy, { path: "/notes", headers: [["Cookie", eve.cookie]] });
    assert.deepEqual([status, application.requests], [403, before]);
  });

  test("a page with many requests is not limited, and a sign-out counts at once", async () => {
    const ada = await person();
    const headers = [["Cookie", ada.cookie]];
    for (let round = 0; round < 120; round += 1) received(await send(proxy, { headers }));
    const out = await post("/api/auth/sign-out", {}, headers);
    assert.equal(out.status, 200);
    assert.equal((await send(proxy, { headers })).status, 401);
  });

  test("while the database is away, nothing reaches the application", async () => {
    const ada = await person();
    received(await send(proxy, { headers: [["Cookie", ada.cookie]] }));
    await postgres.stop();
    postgres = undefined;
    const before = application.requests;
    for (const at of [proxy, open]) {
      const { status } = await send(at, { headers: [["Cookie", ada.cookie]] });
      assert.equal(status, unavailable);
    }
    assert.equal(application.requests, before);
  });
}
