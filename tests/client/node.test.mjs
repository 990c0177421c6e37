// The official client in Node, with Node's own `fetch`: no page, so no `Origin`.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";

import { createAuthClient } from "better-auth/client";

import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, newcomer } from "./support/visitor.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const client = () => createAuthClient({ baseURL: server.origin });

/** The cookies that the client's next answer sets, as a `Cookie` header. */
function cookies() {
  const sent = [];
  const onResponse = ({ response }) => {
    for (const line of response.headers.getSetCookie()) sent.push(line.split(";")[0]);
  };
  return { fetchOptions: { onResponse }, header: () => sent.join("; ") };
}

test("the client signs up and in without any options", async () => {
  const person = newcomer();
  const { user } = dataOf(await client().signUp.email(person));
  const answer = dataOf(await client().signIn.email({ email: person.email, password: PASSWORD }));
  assert.equal(answer.user.id, user.id);
});

test("a server action that forwards cookies can do what its user can", async () => {
  const jar = cookies();
  dataOf(await client().signUp.email(newcomer(), jar.fetchOptions));
  // A proxy in front of the server may add cookies of its own.
  const fetchOptions = { headers: { cookie: `__cf_bm=abc.def; ${jar.header()}` } };

  dataOf(await client().updateUser({ name: "Renamed" }, fetchOptions));
  assert.equal(dataOf(await client().getSession({ fetchOptions })).user.name, "Renamed");
  dataOf(await client().signOut({ fetchOptions }));
  assert.equal(dataOf(await client().getSession({ fetchOptions })), null);
});

test("cookies of others do not keep a client from signing up and in", async () => {
  const person = newcomer();
  for (const cookie of ["__cf_bm=abc.def", "", "better-auth.session_token=forged.abc"]) {
    const fetchOptions = { headers: { cookie } };
    const email = `${cookie.length}.${person.email}`;
    dataOf(await client().signUp.email({ ...person, email }, fetchOptions));
    dataOf(await client().signIn.email({ email, password: PASSWORD }, fetchOptions));
  }
});
