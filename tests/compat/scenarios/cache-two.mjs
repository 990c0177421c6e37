// Copies of a second version, that count for two minutes.
import { copyOf } from "../support/tokens.mjs";

export const profile = "cache-two";

export default {
  "copy of another age: good": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
  },

  "copy of another age: of the first version": async (t) => {
    await t.signUp();
    const of = (await t.get("/get-session")).json();
    const copy = await copyOf("compact", t.secret, of);
    const cookie = `better-auth.session_token=${t.jar().get("better-auth.session_token")}; better-auth.session_data=${copy}`;
    await t.get("/get-session", { headers: { cookie } });
  },
};
