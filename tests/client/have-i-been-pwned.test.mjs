// Compromised passwords, with the official client.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { startServer } from "./support/server.mjs";
import { startService } from "./support/service.mjs";
import { PASSWORD, dataOf, member, newcomer, refusal, visitor } from "./support/visitor.mjs";

const KNOWN = "a password that leaked";
const PADDING = "0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n";
const COMPROMISED = {
  status: 400,
  code: "PASSWORD_COMPROMISED",
  message: "The password you entered has been compromised. Please choose a different password.",
};

let server;
let list;
before(async () => {
  const hash = createHash("sha1").update(KNOWN).digest("hex").toUpperCase();
  list = await startService((path) => [200, path === `/range/${hash.slice(0, 5)}` ? `${hash.slice(5)}:7\r\n` : PADDING]);
  const plugin = { range_url: `${list.origin}/range/`, allowed_hosts: [list.host] };
  server = await startServer({ configuration: { plugins: { have_i_been_pwned: plugin } } });
});
after(async () => {
  list?.stop();
  await server?.stop();
});

test("a user cannot sign up with a compromised password", async () => {
  const person = newcomer({ password: KNOWN });
  const { auth } = visitor(server);
  assert.deepEqual(await refusal(auth.signUp.email(person)), COMPROMISED);
  dataOf(await auth.signUp.email({ ...person, password: PASSWORD }));
});

test("a user cannot change the password to a compromised one", async () => {
  const { auth } = await member(server);
  const change = { currentPassword: PASSWORD, newPassword: KNOWN };
  assert.deepEqual(await refusal(auth.changePassword(change)), COMPROMISED);
  dataOf(await auth.changePassword({ ...change, newPassword: "another password entirely" }));
});
