// Guests of a deployment that requires verified addresses.
import { arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-verified";

export default {
  "anonymous verified: a guest": async (t) => {
    await arrive(t);
    await t.get("/get-session");
  },

  "anonymous verified: a sign-up, and its link": async (t) => {
    await arrive(t);
    await t.signUp();
    await t.get("/get-session", { label: "not verified" });
    await remaining(t, "who is left before");
    const { url } = await t.message("ada@example.com");
    await t.follow(url);
    await t.get("/get-session", { label: "verified" });
    await remaining(t);
  },

  "anonymous verified: a sign-in that is refused": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await t.message("ada@example.com");
    await arrive(t);
    await t.signIn();
    await t.message("ada@example.com", "another link");
    await remaining(t);
  },
};
