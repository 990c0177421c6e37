// Session cookie cache with another version and a lifetime of two minutes.
import { cookieCacheOf } from "../support/tokens.mjs";

export const profile = "cache-two";

export default {
  "cookie cache of another version: good": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
  },

  "cookie cache of another version: the first version": async (t) => {
    await t.signUp();
    const of = (await t.get("/get-session")).json();
    const cache = await cookieCacheOf("compact", t.secret, of);
    const cookie = `better-auth.session_token=${t.jar().get("better-auth.session_token")}; better-auth.session_data=${cache}`;
    await t.get("/get-session", { headers: { cookie } });
  },
};
