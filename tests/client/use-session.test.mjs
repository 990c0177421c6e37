// What `useSession` of the unchanged official client shows while the server reports errors.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startPostgres } from "../support/postgres.mjs";
import { startServer } from "./support/server.mjs";
import { member } from "./support/visitor.mjs";

let postgres, server;
before(async () => {
  postgres = await startPostgres();
  server = await startServer({ environment: { DATABASE_URL: postgres.url } });
});
after(async () => {
  await server?.stop();
  await postgres?.stop();
});

/** Reads the session again, as `useSession` does when the window gets the focus, and returns what it shows. */
async function refetched({ useSession }) {
  await useSession.get().refetch();
  const { data, error, isPending } = useSession.get();
  assert.equal(isPending, false);
  return { name: data?.user.name ?? null, status: error?.status ?? null };
}

/** The recipe of `docs/operations.md`. */
const isSignedOut = ({ name, status }) => name === null && status === null;

test("useSession sets data to null on any error, and only without an error is the user signed out", async () => {
  const visitor = await member(server);
  const { auth, jar, person } = visitor;
  const leaving = await member(server);
  assert.deepEqual(await refetched(auth), { name: person.name, status: null });

  await leaving.auth.signOut();
  const signedOut = await refetched(leaving.auth);
  assert.deepEqual(signedOut, { name: null, status: null });
  assert.equal(isSignedOut(signedOut), true);

  const cookies = jar.names;
  await postgres.stop();
  postgres = undefined;
  const away = await refetched(auth);
  assert.deepEqual(away, { name: null, status: 503 });
  assert.equal(isSignedOut(away), false);
  assert.deepEqual(jar.names, cookies);
});
