// Clients cannot sign in with id tokens.
import { withIdToken } from "../support/social.mjs";

export const profile = "social-without-id-tokens";

export default {
  "social without id tokens: each provider": async (t) => {
    for (const id of ["google", "microsoft", "facebook", "apple"])
      await withIdToken(t, id, t.provider.idToken(id), { label: id });
    await withIdToken(t, "facebook", "opaque", { label: "an access token of Facebook" });
  },

  "social without id tokens: linking": async (t) => {
    await t.signUp();
    await t.post("/link-social", { provider: "google", idToken: { token: t.provider.idToken("google") } });
  },
};
