// Errors lead to a page of the application.
import { BODY, back, begin, callback, lapseStates } from "../support/social.mjs";

export const profile = "social-error-url";

export default {
  "social error url: without a state": async (t) => {
    await callback(t, "google", {});
    await callback(t, "google", { state: "x" });
    await callback(t, "google", { error: "access_denied" });
  },

  "social error url: errors of a sign-in": async (t) => {
    await back(t, await begin(t), { answer: { error: "access_denied", error_description: "no" }, label: "denied" });
    await back(t, await begin(t), { jar: "b", label: "another browser" });
    await back(t, await begin(t), { answer: { code: "x" }, label: "a wrong code" });
    await back(t, await begin(t, "google", { body: { errorCallbackURL: "/oops" } }), {
      answer: { code: "x" },
      label: "its own page",
    });
    const url = await begin(t);
    await lapseStates(t);
    await back(t, url, { label: "too late" });
  },

  "social error url: errors of other providers": async (t) => {
    await t.get("/oauth2/callback/plain?error=access_denied", { headers: { origin: null } });
    await t.get("/oauth2/callback/plain?code=x", { headers: { origin: null } });
    const { url } = (await t.post("/sign-in/oauth2", { providerId: "plain", callbackURL: BODY.callbackURL })).json();
    await back(t, url, { answer: { code: "x" } });
  },
};
