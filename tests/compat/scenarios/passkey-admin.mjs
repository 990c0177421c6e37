// Passkeys of banned users, and of users whom an administrator manages.
import { LIST, challenge, owner, signIn, AUTHENTICATED } from "../support/passkeys.mjs";

export const profile = "passkey-admin";

const ban = (t, until) => t.sql(`update "user" set banned = true, "banReason" = 'spam', "banExpires" = ${until}`);

export default {
  "passkey of a banned user: a sign-in": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    await ban(t, "null");
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) }, { label: "banned" });
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) }, { label: "again" });
    await t.get(LIST, { jar: "own" });
  },

  "passkey of a banned user: the ban has ended": async (t) => {
    const { key } = await owner(t);
    await ban(t, "now() - interval '1 minute'");
    await signIn(t, key);
  },

  "passkey of a user that an administrator removes": async (t) => {
    await t.signUp("boss", { jar: "boss" });
    await t.sql(`update "user" set role = 'admin'`);
    const { key } = await owner(t);
    const [{ id }] = await t.sql(`select id from "user" where name = 'ada'`);
    await t.post("/admin/remove-user", { userId: id }, { jar: "boss" });
    await signIn(t, key);
  },

  "passkey of a user that an administrator impersonates": async (t) => {
    await t.signUp("boss", { jar: "boss" });
    await t.sql(`update "user" set role = 'admin'`);
    const { key } = await owner(t);
    const [{ id }] = await t.sql(`select id from "user" where name = 'ada'`);
    await t.post("/admin/impersonate-user", { userId: id }, { jar: "boss" });
    await t.get(LIST, { jar: "boss" });
    await signIn(t, key, { jar: "boss" });
  },
};
