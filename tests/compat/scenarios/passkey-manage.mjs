// Lists, names and deletion of passkeys.
import { requestChecks, session } from "../support/guards.mjs";
import { DELETE, LIST, RENAME, owner, register, signIn } from "../support/passkeys.mjs";
import { SecurityKey } from "../support/security-key.mjs";
import { bearer } from "../support/two-factor.mjs";

export const profile = "passkey";

const UNKNOWN = "x".repeat(32);

export default {
  ...requestChecks(RENAME, { id: UNKNOWN, name: "New" }),
  ...requestChecks(DELETE, { id: UNKNOWN }),
  ...session("GET", LIST),
  ...session("POST", RENAME, { id: UNKNOWN, name: "New" }),
  ...session("POST", DELETE, { id: UNKNOWN }),

  "passkeys: a list": async (t) => {
    await t.signUp();
    await t.get(LIST, { label: "none" });
    await register(t, new SecurityKey("one"), { body: { name: "One" } });
    await register(t, new SecurityKey("two", { algorithm: "RS256" }), { label: "another" });
    await t.get(LIST);
    await t.signUp("bob", { jar: "bob" });
    await t.get(LIST, { jar: "bob", label: "of another user" });
    await t.get(`${LIST}?userId=x&limit=1`, { label: "with a query" });
    await t.post(LIST, {}, { label: "by POST" });
  },

  "passkeys: new names": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default", body: { name: "Old" } });
    for (const name of ["New", "", " ", "🔑 ä<b>", "x".repeat(200)])
      await t.post(RENAME, { id, name }, { label: `name ${name.slice(0, 20)}` });
    await t.post(RENAME, { id, name: "More", counter: 99, userId: "x", publicKey: "x" }, { label: "with other members" });
    await t.get(LIST);
  },

  "passkeys: a name with NUL": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    await t.post(RENAME, { id, name: "a\u0000b" });
  },

  "passkeys: a name that is very long": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    await t.post(RENAME, { id, name: "x".repeat(10_000) });
  },

  "passkeys: members of wrong types": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    for (const body of [
      {},
      { id },
      { name: "New" },
      { id: null, name: null },
      { id: 1, name: 1 },
      { id: [id], name: ["New"] },
      { id: {}, name: true },
    ]) {
      const label = JSON.stringify(body).replace(id, "ID");
      await t.post(RENAME, body, { label: `rename ${label}` });
      await t.post(RENAME, body, { jar: null, label: `rename ${label}, no session` });
    }
    for (const bad of [undefined, null, 1, true, [id], { id }]) {
      const label = (JSON.stringify(bad) ?? "absent").replace(id, "ID");
      await t.post(DELETE, { id: bad }, { label: `delete ${label}` });
      await t.post(DELETE, { id: bad }, { jar: null, label: `delete ${label}, no session` });
    }
    await t.get(LIST);
  },

  "passkeys: unknown ones": async (t) => {
    await t.signUp();
    for (const id of ["", UNKNOWN, "a b", "ä", "'", "%"]) {
      await t.post(RENAME, { id, name: "New" }, { label: `rename ${id}` });
      await t.post(DELETE, { id }, { label: `delete ${id}` });
    }
  },

  "passkeys: an id with NUL": async (t) => {
    await t.signUp();
    await t.post(RENAME, { id: "a\u0000b", name: "New" });
    await t.post(DELETE, { id: "a\u0000b" });
  },

  "passkeys: a credential's id": async (t) => {
    const { key } = await owner(t, "ada", { jar: "default" });
    await t.post(RENAME, { id: key.credentialID, name: "New" });
    await t.post(DELETE, { id: key.credentialID });
  },

  "passkeys: of another user": async (t) => {
    const { id, key } = await owner(t);
    await t.signUp("bob", { jar: "bob" });
    await t.post(RENAME, { id, name: "Bob's" }, { jar: "bob" });
    await t.post(DELETE, { id }, { jar: "bob" });
    await t.get(LIST, { jar: "own" });
    await signIn(t, key);
  },

  "passkeys: a deletion": async (t) => {
    const { id, key } = await owner(t, "ada", { jar: "default" });
    await register(t, new SecurityKey("two"), { label: "another" });
    await t.post(DELETE, { id });
    await t.get(LIST);
    await t.post(DELETE, { id }, { label: "again" });
    await t.post(RENAME, { id, name: "New" }, { label: "a name" });
    await signIn(t, key, { jar: "b" });
    await register(t, key, { label: "registered again" });
    await signIn(t, key, { jar: "b", label: "signed in then" });
  },

  "passkeys: a deletion while a sign-in is under way": async (t) => {
    const { id, key } = await owner(t, "ada", { jar: "default" });
    const given = (await t.get("/passkey/generate-authenticate-options", { jar: "b" })).json();
    await t.post(DELETE, { id });
    await t.post("/passkey/verify-authentication", { response: key.get(given, t.baseURL) }, { jar: "b" });
    await t.get("/get-session");
  },

  "passkeys: the last way to sign in": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    await t.sql("delete from account");
    await t.post(DELETE, { id });
  },

  "passkeys: by a bearer token": async (t) => {
    const caller = bearer(await t.signUp());
    const { id } = (await register(t, new SecurityKey("one"))).json();
    await t.get(LIST, caller);
    await t.post(RENAME, { id, name: "New" }, caller);
    await t.post(DELETE, { id }, caller);
  },

  "passkeys: of a session that is not fresh": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    await t.age("30 hours");
    await t.get(LIST);
    await t.post(RENAME, { id, name: "New" });
    await t.post(DELETE, { id });
  },

  "passkeys: the password is changed and reset": async (t) => {
    const { key } = await owner(t, "ada", { jar: "default" });
    const change = { currentPassword: "password1234", newPassword: "password5678", revokeOtherSessions: true };
    await t.post("/change-password", change);
    await signIn(t, key, { jar: "b", label: "after a change" });
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password9012" });
    await signIn(t, key, { jar: "c", label: "after a reset" });
  },
};
