// Several sessions on one device, with second factors.
import { activate, current, list } from "../support/multi-sessions.mjs";
import { answer, enrolled } from "../support/two-factor.mjs";

export const profile = "multi-session-two-factor";

export default {
  "multi session two factor: a sign-in with a second step": async (t) => {
    const { app } = await enrolled(t);
    const bob = (await t.signUp("bob")).json().token;
    await t.signIn("ada", { label: "the first step" });
    await list(t, "while the second step is asked");
    await answer(t, app, {}, { label: "the second step" });
    await list(t);
    await activate(t, bob);
    await current(t);
  },

  "multi session two factor: an enrolment starts a new session": async (t) => {
    await enrolled(t);
    await list(t, "list", { jar: "own" });
    await t.post("/two-factor/disable", { password: "password1234" }, { jar: "own" });
    await list(t, "afterwards", { jar: "own" });
  },
};
