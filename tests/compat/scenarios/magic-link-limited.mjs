// A rate limit of its own for sign-in links.
import { ADA, openLink } from "../support/proven-addresses.mjs";

export const profile = "magic-link-limited";

export default {
  "magic link: the limits": async (t) => {
    for (const number of [1, 2, 3]) await t.post("/sign-in/magic-link", { email: ADA }, { label: `request ${number}` });
    for (const number of [1, 2, 3])
      await openLink(t, { token: "x", callbackURL: "/home" }, { label: `link ${number}` });
    await t.signIn("ada", { label: "the password" });
  },
};
