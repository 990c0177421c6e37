// No provider is configured.
import { BODY, callback } from "../support/social.mjs";

export const profile = "core";

export default {
  "social none: each route": async (t) => {
    await t.post("/sign-in/social", BODY);
    await t.post("/sign-in/social", { ...BODY, idToken: { token: "x" } }, { label: "an id token" });
    await callback(t, "google", { code: "code-1" });
    await callback(t, "google", { code: "code-1", state: "x" });
    await t.call("POST", "/callback/google", { form: { code: "code-1", state: "x" }, jar: null });
    await t.post("/sign-in/oauth2", { providerId: "plain" });
    await t.get("/oauth2/callback/plain?code=x&state=y");
    await t.post("/oauth2/link", { providerId: "plain", callbackURL: "/" });
    await t.post("/one-tap/callback", { idToken: "x" });
    await t.signUp();
    await t.post("/link-social", BODY);
    await t.post("/get-access-token", { providerId: "google" });
    await t.post("/refresh-token", { providerId: "google" });
    await t.get("/account-info?accountId=4711");
  },
};
