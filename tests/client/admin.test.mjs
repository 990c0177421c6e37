// Administrators, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { adminClient } from "better-auth/client/plugins";

import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const SESSION = "better-auth.session_token";
const ADMIN_SESSION = "better-auth.admin_session";
const withAdmin = { plugins: [adminClient()] };
const CHOSEN = `${randomUUID()}@example.com`;
const NEW_PASSWORD = "another horse battery";
const NO_USER = { status: 404, code: "USER_NOT_FOUND", message: "User not found" };
const BANNED = {
  status: 403,
  code: "BANNED_USER",
  message: "You have been banned from this application. Please contact support if you believe this is an error.",
};

let server;
/** The first administrator: its client, its jar and its user. */
let root;
before(async () => {
  server = await startServer({
    environment: {
      PORTCULLIS_PLUGINS__ADMIN__ENABLED: "true",
      PORTCULLIS_PLUGINS__ADMIN__FIRST_ADMIN_EMAIL: CHOSEN,
      PORTCULLIS_PLUGINS__BEARER__ENABLED: "true",
    },
  });
  root = await firstAdministrator();
});
after(() => server?.stop());

const user = (changes) => member(server, withAdmin, changes);
const signIn = (email, password = PASSWORD) => visitor(server, withAdmin).auth.signIn.email({ email, password });
const roleOf = async (auth) => dataOf(await auth.getSession()).user.role;
const denied = (code) => ({ status: 403, code, message: sentence(code) });

/** The message of a code: the server derives codes from messages. */
function sentence(code) {
  const text = code.toLowerCase().replaceAll("_", " ");
  return text[0].toUpperCase() + text.slice(1);
}

/** Signs up the user with the configured address, and verifies the address. */
async function firstAdministrator() {
  const first = await user({ email: CHOSEN });
  dataOf(await first.auth.sendVerificationEmail({ email: CHOSEN, callbackURL: "/" }));
  await fetch(await linkFor(server, "verify-email", CHOSEN), { redirect: "manual" });
  dataOf(await first.auth.signIn.email({ email: CHOSEN, password: PASSWORD }));
  return first;
}

/** Signs another administrator up. */
async function administrator() {
  const other = await user();
  dataOf(await root.auth.admin.setRole({ userId: other.user.id, role: "admin" }));
  return other;
}

test("the user with the configured address is the first administrator once the address is verified", async () => {
  assert.equal(await roleOf(root.auth), "admin");
  const { auth } = await user();
  assert.equal(await roleOf(auth), "user");
});

test("a new user has the default role and no ban", async () => {
  const { user: created } = await user();
  assert.deepEqual([created.role, created.banned, created.banReason, created.banExpires], ["user", false, null, null]);
});

test("a user without the permission is rejected on every route", async () => {
  const { auth, user: self } = await user();
  const userId = root.user.id;
  const refusals = {
    YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE: auth.admin.setRole({ userId: self.id, role: "admin" }),
    YOU_ARE_NOT_ALLOWED_TO_GET_USER: auth.admin.getUser({ query: { id: userId } }),
    YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS: auth.admin.createUser({ email: "x@example.com", name: "X" }),
    YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS: auth.admin.updateUser({ userId, data: { name: "X" } }),
    YOU_ARE_NOT_ALLOWED_TO_LIST_USERS: auth.admin.listUsers({ query: {} }),
    YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS: auth.admin.listUserSessions({ userId }),
    YOU_ARE_NOT_ALLOWED_TO_BAN_USERS: auth.admin.banUser({ userId }),
    YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS: auth.admin.impersonateUser({ userId }),
    YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS: auth.admin.revokeUserSessions({ userId }),
    YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS: auth.admin.removeUser({ userId }),
    YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD: auth.admin.setUserPassword({ userId, newPassword: NEW_PASSWORD }),
  };
  for (const [code, answer] of Object.entries(refusals)) assert.deepEqual(await refusal(answer), denied(code));
  assert.deepEqual(
    await refusal(auth.admin.unbanUser({ userId })),
    denied("YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
  );
  assert.deepEqual(
    await refusal(auth.admin.revokeUserSession({ sessionToken: "x" })),
    denied("YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS"),
  );
});

test("an administrator creates a user, who signs in", async () => {
  const email = `${randomUUID()}@example.com`;
  const answer = await root.auth.admin.createUser({
    email,
    name: "Zoë",
    password: PASSWORD,
    role: ["user", "admin"],
    data: { emailVerified: true },
  });
  const created = dataOf(answer).user;
  assert.deepEqual([created.email, created.name, created.role, created.emailVerified], [email, "Zoë", "user,admin", true]);
  assert.equal(dataOf(await signIn(email)).user.id, created.id);
  assert.equal((await refusal(root.auth.admin.createUser({ email, name: "Zoë" }))).status, 400);
});

test("an administrator reads and changes a user", async () => {
  const { auth, user: other } = await user();
  assert.equal(dataOf(await root.auth.admin.getUser({ query: { id: other.id } })).email, other.email);
  const changed = dataOf(await root.auth.admin.updateUser({ userId: other.id, data: { name: "Changed" } }));
  assert.equal(changed.name, "Changed");
  assert.equal(dataOf(await auth.getSession()).user.name, "Changed");
  assert.deepEqual(await refusal(root.auth.admin.getUser({ query: { id: "unknown" } })), NO_USER);
  assert.deepEqual(await refusal(root.auth.admin.updateUser({ userId: other.id, data: {} })), {
    status: 400,
    code: "NO_DATA_TO_UPDATE",
    message: "No data to update",
  });
});

test("a list is searched, filtered, sorted and paged", async () => {
  const mark = randomUUID();
  for (const name of ["b", "a", "c"]) await user({ name, email: `${name}-${mark}@example.com` });
  const list = async (query) => {
    const data = dataOf(await root.auth.admin.listUsers({ query }));
    return { ...data, users: data.users.map(({ name }) => name) };
  };
  const search = { searchField: "email", searchOperator: "contains", searchValue: mark.toUpperCase() };
  assert.deepEqual(await list({ ...search, sortBy: "name", sortDirection: "desc", limit: 2, offset: 1 }), {
    users: ["b", "a"],
    total: 3,
    limit: 2,
    offset: 1,
  });
  assert.deepEqual(await list({ ...search, filterField: "name", filterOperator: "eq", filterValue: "c" }), {
    users: ["c"],
    total: 1,
  });
  assert.deepEqual((await list(search)).users, ["b", "a", "c"]);
});

test("a role takes effect at once, and the client knows what a role permits", async () => {
  const { auth, user: other } = await user();
  const permissions = { user: ["list"] };
  assert.equal(dataOf(await auth.admin.hasPermission({ permissions })).success, false);
  assert.equal(dataOf(await root.auth.admin.setRole({ userId: other.id, role: "admin" })).user.role, "admin");
  assert.deepEqual(dataOf(await auth.admin.hasPermission({ permissions })), { error: null, success: true });
  dataOf(await auth.admin.listUsers({ query: { limit: 1 } }));
  assert.equal(auth.admin.checkRolePermission({ role: "admin", permissions }), true);
  assert.equal(auth.admin.checkRolePermission({ role: "user", permissions }), false);
});

test("a ban ends the sessions of a user and rejects every sign-in until it is lifted", async () => {
  const { auth, person, user: other, token } = await user();
  const answer = await root.auth.admin.banUser({ userId: other.id, banReason: "Spam", banExpiresIn: 3600 });
  const banned = dataOf(answer).user;
  assert.deepEqual([banned.banned, banned.banReason], [true, "Spam"]);
  assert.ok(Math.abs(new Date(banned.banExpires) - Date.now() - 3_600_000) < 60_000);

  assert.equal(dataOf(await auth.getSession()), null);
  const bearer = visitor(server, { ...withAdmin, auth: { type: "Bearer", token } });
  assert.equal(dataOf(await bearer.auth.getSession()), null);
  assert.deepEqual(await refusal(signIn(person.email)), BANNED);

  const lifted = dataOf(await root.auth.admin.unbanUser({ userId: other.id })).user;
  assert.deepEqual([lifted.banned, lifted.banReason, lifted.banExpires], [false, null, null]);
  dataOf(await signIn(person.email));
});

test("an administrator can neither ban nor remove itself", async () => {
  const userId = root.user.id;
  assert.equal((await refusal(root.auth.admin.banUser({ userId }))).code, "YOU_CANNOT_BAN_YOURSELF");
  assert.equal((await refusal(root.auth.admin.removeUser({ userId }))).code, "YOU_CANNOT_REMOVE_YOURSELF");
});

test("an administrator acts as a user, and returns to its own session", async () => {
  const { auth, jar } = await administrator();
  const own = dataOf(await auth.getSession());
  const { auth: theirs, user: other } = await user();

  const started = dataOf(await auth.admin.impersonateUser({ userId: other.id }));
  assert.deepEqual([started.user.id, started.session.impersonatedBy], [other.id, own.user.id]);
  assert.equal(jar.cookie(SESSION).attributes["max-age"], undefined);
  assert.ok(jar.names.includes(ADMIN_SESSION));
  const seen = dataOf(await auth.getSession());
  assert.deepEqual([seen.user.id, seen.session.impersonatedBy], [other.id, own.user.id]);
  const listed = dataOf(await theirs.listSessions());
  assert.ok(listed.every(({ impersonatedBy }) => !impersonatedBy));

  const ended = dataOf(await auth.admin.stopImpersonating());
  assert.deepEqual([ended.user.id, ended.session.token], [own.user.id, own.session.token]);
  assert.equal(dataOf(await auth.getSession()).session.token, own.session.token);
  assert.ok(!jar.names.includes(ADMIN_SESSION));
  assert.equal((await refusal(auth.admin.stopImpersonating())).code, "YOU_ARE_NOT_IMPERSONATING_ANYONE");
});

test("another administrator is not impersonated", async () => {
  const { user: other } = await administrator();
  assert.deepEqual(
    await refusal(root.auth.admin.impersonateUser({ userId: other.id })),
    denied("YOU_CANNOT_IMPERSONATE_ADMINS"),
  );
});

test("an administrator lists and revokes the sessions of a user", async () => {
  const { auth, person, user: other, token } = await user();
  const second = dataOf(await signIn(person.email)).token;
  const tokens = async () => {
    const { sessions } = dataOf(await root.auth.admin.listUserSessions({ userId: other.id }));
    return sessions.map((session) => session.token).sort();
  };
  assert.deepEqual(await tokens(), [token, second].sort());

  assert.deepEqual(dataOf(await root.auth.admin.revokeUserSession({ sessionToken: token })), { success: true });
  assert.equal(dataOf(await auth.getSession()), null);
  assert.deepEqual(await tokens(), [second]);
  assert.deepEqual(dataOf(await root.auth.admin.revokeUserSessions({ userId: other.id })), { success: true });
  assert.deepEqual(await tokens(), []);
});

test("an administrator sets the password of a user", async () => {
  const { person, user: other } = await user();
  const set = (newPassword) => root.auth.admin.setUserPassword({ userId: other.id, newPassword });
  assert.equal((await refusal(set("short"))).code, "PASSWORD_TOO_SHORT");
  assert.deepEqual(dataOf(await set(NEW_PASSWORD)), { status: true });
  dataOf(await signIn(person.email, NEW_PASSWORD));
  assert.equal((await refusal(signIn(person.email))).status, 401);
});

test("an administrator removes a user", async () => {
  const { auth, person, user: other } = await user();
  assert.deepEqual(dataOf(await root.auth.admin.removeUser({ userId: other.id })), { success: true });
  assert.equal(dataOf(await auth.getSession()), null);
  assert.equal((await refusal(signIn(person.email))).status, 401);
  assert.deepEqual(await refusal(root.auth.admin.removeUser({ userId: other.id })), NO_USER);
});

test("a user cannot give itself a role or lift its ban", async () => {
  const { auth } = await user();
  assert.equal((await refusal(auth.updateUser({ role: "admin" }))).status, 400);
  assert.equal((await refusal(auth.updateUser({ banReason: "none" }))).status, 400);
  assert.equal(await roleOf(auth), "user");
});
