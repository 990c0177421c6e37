// Account management with the official client: fields, accounts, password, e-mail address, deletion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { inferAdditionalFields } from "better-auth/client/plugins";

import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, member, newcomer, refusal, dataOf, visitor } from "./support/visitor.mjs";

const FIELDS = {
  nickname: { type: "string", required: false },
  born: { type: "date", required: false },
  children: { type: "number", default: 0 },
  plan: { type: ["free", "paid"], default: "free", input: false },
  note: { type: "string", required: false, returned: false },
};
const withFields = { plugins: [inferAdditionalFields({ user: FIELDS })] };

let server, lenient;
before(async () => {
  server = await startServer({
    environment: {
      PORTCULLIS_USER__ADDITIONAL_FIELDS: JSON.stringify(FIELDS),
      PORTCULLIS_USER__CHANGE_EMAIL__ENABLED: "true",
      PORTCULLIS_USER__DELETE_USER__ENABLED: "true",
    },
  });
  lenient = await startServer({
    environment: { PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_UNLINKING_ALL: "true" },
  });
});
after(() => Promise.all([server?.stop(), lenient?.stop()]));

const signIn = ({ email, password }, at = server) => visitor(at).auth.signIn.email({ email, password });

async function assertCannotSignIn(person, at) {
  const { status, code } = await refusal(signIn(person, at));
  assert.deepEqual([status, code], [401, "INVALID_EMAIL_OR_PASSWORD"]);
}

test("declared fields are set at sign-up, returned with the session and changed by an update", async () => {
  const born = new Date("1815-12-10T00:00:00.000Z");
  const { auth, user } = await member(server, withFields, { nickname: "Zo", born, note: "never returned" });
  const fields = ({ nickname, born, children, plan, note }) => ({ nickname, born, children, plan, note });

  const first = { nickname: "Zo", born, children: 0, plan: "free", note: undefined };
  assert.deepEqual(fields(user), first);
  assert.deepEqual(fields(dataOf(await auth.getSession()).user), first);

  assert.deepEqual(dataOf(await auth.updateUser({ nickname: null, children: 3 })), { status: true });
  assert.deepEqual(fields(dataOf(await auth.getSession()).user), { ...first, nickname: null, children: 3 });
});

test("a client cannot set a field with input: false, or set other fields to invalid values", async () => {
  const { auth, user } = await member(server, withFields, { plan: "paid" });

  assert.equal(user.plan, "free");
  assert.deepEqual(await refusal(auth.updateUser({ plan: "paid" })), {
    status: 400,
    code: "PLAN_IS_NOT_ALLOWED_TO_BE_SET",
    message: "plan is not allowed to be set",
  });
  assert.equal((await refusal(auth.updateUser({ children: "many" }))).code, "VALIDATION_ERROR");
  assert.deepEqual(dataOf(await auth.getSession()).user, user);
});

test("a password is listed as an account, and the last account cannot be unlinked", async () => {
  const { auth, person, user } = await member(server);

  const [account, ...more] = dataOf(await auth.listAccounts());
  const { id, createdAt, updatedAt, ...rest } = account;

  assert.deepEqual(more, []);
  assert.deepEqual(rest, { providerId: "credential", accountId: user.id, userId: user.id, scopes: [] });
  assert.match(id, /^[A-Za-z0-9]{32}$/);
  assert.ok(createdAt instanceof Date && updatedAt instanceof Date);
  assert.deepEqual(await refusal(auth.unlinkAccount({ providerId: "credential" })), {
    status: 400,
    code: "YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT",
    message: "You can't unlink your last account",
  });
  dataOf(await signIn(person));
});

test("if the last account may be unlinked, the user cannot sign in with the password afterwards", async () => {
  const { auth, person } = await member(lenient);

  assert.deepEqual(await refusal(auth.unlinkAccount({ providerId: "github" })), {
    status: 400,
    code: "ACCOUNT_NOT_FOUND",
    message: "Account not found",
  });
  assert.deepEqual(dataOf(await auth.unlinkAccount({ providerId: "credential" })), { status: true });

  assert.deepEqual(dataOf(await auth.listAccounts()), []);
  await assertCannotSignIn(person, lenient);
});

test("a password change requires the current password and revokes other sessions on request", async () => {
  const { auth, jar, person, token } = await member(server);
  const elsewhere = visitor(server);
  dataOf(await elsewhere.auth.signIn.email({ email: person.email, password: PASSWORD }));
  const newPassword = "another horse battery";
  const change = (currentPassword) =>
    auth.changePassword({ currentPassword, newPassword, revokeOtherSessions: true });

  const { status, code } = await refusal(change("not the password"));
  assert.deepEqual([status, code], [400, "INVALID_PASSWORD"]);
  const changed = dataOf(await change(PASSWORD));

  assert.notEqual(changed.token, token);
  assert.ok(decodeURIComponent(jar.cookie("better-auth.session_token").value).startsWith(`${changed.token}.`));
  assert.deepEqual(await elsewhere.auth.getSession(), { data: null, error: null });
  assert.equal(dataOf(await auth.listSessions()).length, 1);
  await assertCannotSignIn(person);
  dataOf(await signIn({ ...person, password: newPassword }));
});

test("an unverified e-mail address is replaced by following one link", async () => {
  const { auth, jar, person } = await member(server);
  const { email } = newcomer();

  assert.deepEqual(dataOf(await auth.changeEmail({ newEmail: email })), { status: true });
  assert.equal(dataOf(await auth.getSession()).user.email, person.email);
  const link = await linkFor(server, "verify-email", email);
  const token = link.searchParams.get("token");
  const { status } = dataOf(await auth.verifyEmail({ query: { token } }));

  assert.equal(status, true);
  const { user } = dataOf(await auth.getSession());
  assert.deepEqual([user.email, user.emailVerified], [email, true]);
  assert.ok(jar.names.includes("better-auth.session_token"));
  await assertCannotSignIn(person);
  dataOf(await signIn({ ...person, email }));
});

test("a change to the same or an invalid e-mail address is rejected", async () => {
  const { auth, person } = await member(server);
  const code = async (newEmail) => (await refusal(auth.changeEmail({ newEmail }))).code;
  assert.equal(await code(person.email.toUpperCase()), "EMAIL_IS_THE_SAME");
  assert.equal(await code("no-address"), "VALIDATION_ERROR");
});

test("a user who sends the right password is deleted with all sessions and cookies", async () => {
  const { auth, jar, person } = await member(server);

  const { status, code } = await refusal(auth.deleteUser({ password: "not the password" }));
  assert.deepEqual([status, code], [400, "INVALID_PASSWORD"]);
  assert.deepEqual(dataOf(await auth.deleteUser({ password: PASSWORD })), {
    success: true,
    message: "User deleted",
  });

  assert.deepEqual(jar.names, []);
  assert.deepEqual(await auth.getSession(), { data: null, error: null });
  await assertCannotSignIn(person);
});
