// What the official client does with an account: its fields, its ways in, its address and its end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { inferAdditionalFields } from "better-auth/client/plugins";

import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, member, newcomer, refusal, told, visitor } from "./support/visitor.mjs";

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

const signIn = ({ email, password }, where = server) => visitor(where).auth.signIn.email({ email, password });

async function assertUnknown(person, where) {
  const { status, code } = await refusal(signIn(person, where));
  assert.deepEqual([status, code], [401, "INVALID_EMAIL_OR_PASSWORD"]);
}

test("declared fields are set at the sign-up, read with the session and changed later", async () => {
  const born = new Date("1815-12-10T00:00:00.000Z");
  const { auth, user } = await member(server, withFields, { nickname: "Zo", born, note: "kept to ourselves" });
  const fields = ({ nickname, born, children, plan, note }) => ({ nickname, born, children, plan, note });

  const first = { nickname: "Zo", born, children: 0, plan: "free", note: undefined };
  assert.deepEqual(fields(user), first);
  assert.deepEqual(fields(told(await auth.getSession()).user), first);

  assert.deepEqual(told(await auth.updateUser({ nickname: null, children: 3 })), { status: true });
  assert.deepEqual(fields(told(await auth.getSession()).user), { ...first, nickname: null, children: 3 });
});

test("a field that is the server's own is not the client's to set, and others only to what they may be", async () => {
  const { auth, user } = await member(server, withFields, { plan: "paid" });

  assert.equal(user.plan, "free");
  assert.deepEqual(await refusal(auth.updateUser({ plan: "paid" })), {
    status: 400,
    code: "PLAN_IS_NOT_ALLOWED_TO_BE_SET",
    message: "plan is not allowed to be set",
  });
  assert.equal((await refusal(auth.updateUser({ children: "many" }))).code, "VALIDATION_ERROR");
  assert.deepEqual(told(await auth.getSession()).user, user);
});

test("a password is an account, and the last one is not given up", async () => {
  const { auth, person, user } = await member(server);

  const [account, ...more] = told(await auth.listAccounts());
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
  told(await signIn(person));
});

test("where the last account may be given up, the password is no way in afterwards", async () => {
  const { auth, person } = await member(lenient);

  assert.deepEqual(await refusal(auth.unlinkAccount({ providerId: "github" })), {
    status: 400,
    code: "ACCOUNT_NOT_FOUND",
    message: "Account not found",
  });
  assert.deepEqual(told(await auth.unlinkAccount({ providerId: "credential" })), { status: true });

  assert.deepEqual(told(await auth.listAccounts()), []);
  await assertUnknown(person, lenient);
});

test("a password is changed by whoever knows it, and other sessions end with it if they ask for that", async () => {
  const { auth, jar, person, token } = await member(server);
  const elsewhere = visitor(server);
  told(await elsewhere.auth.signIn.email({ email: person.email, password: PASSWORD }));
  const newPassword = "another horse battery";
  const change = (currentPassword) =>
    auth.changePassword({ currentPassword, newPassword, revokeOtherSessions: true });

  const { status, code } = await refusal(change("not the password"));
  assert.deepEqual([status, code], [400, "INVALID_PASSWORD"]);
  const changed = told(await change(PASSWORD));

  assert.notEqual(changed.token, token);
  assert.ok(decodeURIComponent(jar.cookie("better-auth.session_token").value).startsWith(`${changed.token}.`));
  assert.deepEqual(await elsewhere.auth.getSession(), { data: null, error: null });
  assert.equal(told(await auth.listSessions()).length, 1);
  await assertUnknown(person);
  told(await signIn({ ...person, password: newPassword }));
});

test("an address that nobody has proven is replaced by following one link", async () => {
  const { auth, jar, person } = await member(server);
  const { email } = newcomer();

  assert.deepEqual(told(await auth.changeEmail({ newEmail: email })), { status: true });
  assert.equal(told(await auth.getSession()).user.email, person.email);
  const link = await linkFor(server, "verify-email", email);
  const token = link.searchParams.get("token");
  const { status } = told(await auth.verifyEmail({ query: { token } }));

  assert.equal(status, true);
  const { user } = told(await auth.getSession());
  assert.deepEqual([user.email, user.emailVerified], [email, true]);
  assert.ok(jar.names.includes("better-auth.session_token"));
  await assertUnknown(person);
  told(await signIn({ ...person, email }));
});

test("an address that is the same or is none is refused", async () => {
  const { auth, person } = await member(server);
  const code = async (newEmail) => (await refusal(auth.changeEmail({ newEmail }))).code;
  assert.equal(await code(person.email.toUpperCase()), "EMAIL_IS_THE_SAME");
  assert.equal(await code("nobody"), "VALIDATION_ERROR");
});

test("a user is deleted with the right password, and nothing is left", async () => {
  const { auth, jar, person } = await member(server);

  const { status, code } = await refusal(auth.deleteUser({ password: "not the password" }));
  assert.deepEqual([status, code], [400, "INVALID_PASSWORD"]);
  assert.deepEqual(told(await auth.deleteUser({ password: PASSWORD })), {
    success: true,
    message: "User deleted",
  });

  assert.deepEqual(jar.names, []);
  assert.deepEqual(await auth.getSession(), { data: null, error: null });
  await assertUnknown(person);
});
