// One-time tokens that hand sessions over, with administration.
import { both, impersonate, person } from "../support/admin.mjs";
import { GENERATE, generate, verify } from "../support/one-time-tokens.mjs";

export const profile = "one-time-token-admin";

export default {
  "one-time token admin: an impersonated session": async (t) => {
    const bob = await both(t);
    await impersonate(t, bob);
    await t.get(GENERATE, { jar: "root" });
  },

  "one-time token admin: a user that another program bans": async (t) => {
    await person(t, "bob");
    const token = await generate(t, { jar: "bob" });
    await t.sql(`update "user" set banned = true`);
    await verify(t, token);
  },
};
