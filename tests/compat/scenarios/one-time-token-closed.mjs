// One-time tokens that hand sessions over, only in headers and without cookies.
import { GENERATE, inHeader, verify } from "../support/one-time-tokens.mjs";

export const profile = "one-time-token-closed";

export default {
  "one-time token closed: generation": async (t) => {
    await t.get(GENERATE, { jar: null, label: "signed out" });
    await t.signUp();
    await t.get(GENERATE);
  },

  "one-time token closed: no cookie": async (t) => {
    const token = inHeader(await t.signUp());
    await verify(t, token);
    await t.get("/get-session", { jar: "other" });
  },

  "one-time token closed: an expired session": async (t) => {
    const token = inHeader(await t.signUp());
    await t.age("8 days");
    await verify(t, token);
  },
};
