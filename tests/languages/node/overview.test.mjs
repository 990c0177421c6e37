// docs/guides/overview.md: its SQL runs in the database of a server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import pg from "pg";

import { startServer } from "../../client/support/server.mjs";
import { blocksOf } from "../../support/examples.mjs";
import { startPostgres } from "../../support/postgres.mjs";
import { API, PASSWORD, jwtOf, post, signUp } from "../support/people.mjs";

const page = await readFile(new URL("../../../docs/guides/overview.md", import.meta.url), "utf8");
const [update, tables] = blocksOf(page).filter(({ language }) => language === "sql");

let postgres, database, server;
before(async () => {
  postgres = await startPostgres();
  database = new pg.Pool({ connectionString: postgres.url });
  database.on("error", () => {}); // the end of PostgreSQL may reach a connection that is being closed
  const environment = {
    DATABASE_URL: postgres.url,
    PORTCULLIS_PLUGINS__JWT__AUDIENCES: JSON.stringify({ api: { audience: API, payload: ["plan"] } }),
    PORTCULLIS_PLUGINS__JWT__ENABLED: "true",
    PORTCULLIS_USER__DELETE_USER__ENABLED: "true",
    PORTCULLIS_USER__ADDITIONAL_FIELDS: '{"plan":{"type":["free","paid"],"default":"free","input":false}}',
  };
  server = await startServer({ environment });
});
after(async () => {
  await server?.stop();
  await database?.end();
  await postgres?.stop();
});

test("a field that the backend changes is in the session and in JWTs", async () => {
  const { user, cookie } = await signUp(server);
  await database.query(update.content.replace("…", user.id));
  const session = await (await fetch(`${server.origin}/api/auth/get-session`, { headers: { cookie } })).json();
  assert.equal(session.user.plan, "paid");
  for (const audience of [API, undefined]) {
    const claims = (await jwtOf(server, { cookie }, audience)).split(".")[1];
    assert.equal(JSON.parse(Buffer.from(claims, "base64url")).plan, "paid");
  }
});

test("tables of the backend refer to users, and their rows are deleted with them", async () => {
  const { user, cookie } = await signUp(server);
  const [create, select] = tables.content.split(/(?<=\);)/);
  await database.query(create);
  await database.query(`INSERT INTO "orders" ("userId", "item") VALUES ($1, 'book')`, [user.id]);
  assert.deepEqual((await database.query(select)).rows, [{ item: "book", name: "Ada" }]);
  const deleted = await post(`${server.origin}/api/auth/delete-user`, { password: PASSWORD }, { cookie });
  assert.equal(deleted.status, 200, await deleted.text());
  assert.deepEqual((await database.query(select)).rows, []);
});
