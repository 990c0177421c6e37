// Codes instead of the links that verify addresses.
import { ADA, WRONG } from "../support/proven-addresses.mjs";

const VERIFY = "/email-otp/verify-email";
const NEW = "new@example.com";

export const profile = "email-otp-override";

const verify = (t, otp, { email = ADA, ...options } = {}) => t.post(VERIFY, { email, otp }, options);

export default {
  "email otp instead of links: a sign-up": async (t) => {
    await t.signUp();
    const { code } = await t.message(ADA);
    await t.get("/get-session", { label: "not yet" });
    await verify(t, WRONG, { label: "wrong" });
    await verify(t, code);
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b" });
  },

  "email otp instead of links: a sign-in before the verification": async (t) => {
    await t.signUp();
    await t.message(ADA, "of the sign-up");
    await t.signIn();
    const { code } = await t.message(ADA, "of the sign-in");
    await verify(t, code);
    await t.get("/get-session");
  },

  "email otp instead of links: a sign-in with a callback": async (t) => {
    await t.signUp();
    await t.message(ADA, "of the sign-up");
    await t.signIn("ada", { body: { callbackURL: "/home" } });
    await t.message(ADA, "of the sign-in");
  },

  "email otp instead of links: on request": async (t) => {
    await t.signUp();
    await t.message(ADA, "of the sign-up");
    await t.post("/send-verification-email", { email: ADA, callbackURL: "/home" });
    const { code } = await t.message(ADA, "on request");
    await verify(t, code);
  },

  "email otp instead of links: of no user": async (t) => {
    await t.post("/send-verification-email", { email: ADA });
  },

  "email otp instead of links: of a verified user": async (t) => {
    await t.signUp();
    await verify(t, (await t.message(ADA)).code);
    await t.post("/send-verification-email", { email: ADA });
    await t.post("/send-verification-email", { email: ADA }, { jar: null, label: "without a session" });
  },

  "email otp instead of links: a change of the address": async (t) => {
    await t.signUp();
    await verify(t, (await t.message(ADA)).code);
    await t.post("/change-email", { newEmail: NEW });
    const { url } = await t.message(ADA);
    await t.follow(url);
    await t.get("/get-session");
  },

  "email otp instead of links: a sign-up with an address that is taken": async (t) => {
    await t.signUp();
    await t.message(ADA);
    await t.signUp("ada", { jar: "b" });
  },
};
