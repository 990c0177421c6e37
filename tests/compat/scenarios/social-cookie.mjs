// States are stored in a cookie.
import { callbacks } from "../support/callbacks.mjs";
import { STATE_COOKIE, back, begin, callback, link, signIn } from "../support/social.mjs";

export const profile = "social-cookie";

export default {
  ...callbacks("social cookie", STATE_COOKIE),

  "social cookie: another state in the url": async (t) => {
    await back(t, await begin(t), { answer: { state: "x".repeat(32) } });
  },

  "social cookie: a state of another browser": async (t) => {
    const url = await begin(t, "google", { jar: "attacker" });
    await begin(t, "google");
    await back(t, url);
  },

  "social cookie: signing out": async (t) => {
    await t.signUp();
    await begin(t);
    await t.post("/sign-out");
  },

  "social cookie: a linked account": async (t) => {
    await t.signUp();
    await link(t);
    await t.get("/list-accounts");
  },

  "social cookie: posted": async (t) => {
    await signIn(t, "apple");
  },

  "social cookie: a broken cookie": async (t) => {
    const url = await begin(t);
    const good = t.jar().get(STATE_COOKIE);
    for (const [label, value] of Object.entries({
      shorter: good.slice(0, -2),
      "another text": "ab".repeat(200),
      empty: "",
      percent: "%ZZ",
    }))
      await callback(
        t,
        "google",
        { state: "s", code: "c" },
        { jar: null, headers: { origin: null, cookie: `${STATE_COOKIE}=${value}` }, label },
      );
    await back(t, url);
  },
};
