// Captchas of Turnstile, and which requests need one.
import { CAPTCHAS } from "../support/check-services.mjs";
import { PERSON, SIGN_IN, asked, signedUp, solving } from "../support/captchas.mjs";

export const profile = "captcha";

const ROUTES = {
  "/sign-up/email": PERSON,
  "/sign-in/email": SIGN_IN,
  "/request-password-reset": { email: PERSON.email },
};

export default {
  ...asked("cloudflare-turnstile", CAPTCHAS["cloudflare-turnstile"]),

  "captcha: missing": async (t) => {
    for (const [route, body] of Object.entries(ROUTES)) {
      await t.post(route, body);
      await t.post(route, body, solving("", { label: `${route}: empty` }));
    }
  },

  "captcha: rejected": async (t) => {
    for (const [route, body] of Object.entries(ROUTES)) await t.post(route, body, solving("guessed"));
  },

  "captcha: before the body": async (t) => {
    const json = { "content-type": "application/json" };
    for (const [label, call] of Object.entries({
      nothing: {},
      broken: { raw: "{", headers: json },
      "an empty object": { raw: "{}", headers: json },
      "another type": { raw: "a", headers: { "content-type": "text/plain" } },
      "a form": { raw: "email=a", headers: { "content-type": "application/x-www-form-urlencoded" } },
    })) {
      await t.call("POST", "/sign-in/email", { ...call, label });
      await t.call("POST", "/sign-in/email", solving("guessed", { ...call, label: `${label}: a guess` }));
    }
    await t.post("/sign-in/email", {}, solving("solved", { label: "solved, but no address" }));
  },

  "captcha: before the origin": async (t) => {
    await signedUp(t);
    const foreign = { headers: { origin: "https://evil.test" } };
    await t.post("/sign-in/email", SIGN_IN, { ...foreign, label: "missing" });
    await t.post("/sign-in/email", SIGN_IN, solving("guessed", { ...foreign, label: "a guess" }));
    await t.post("/sign-in/email", SIGN_IN, solving("solved", { ...foreign, label: "solved" }));
    const redirect = { ...SIGN_IN, callbackURL: "https://evil.test" };
    await t.post("/sign-in/email", redirect, { label: "a foreign redirect, missing" });
    await t.post("/sign-in/email", redirect, solving("solved", { label: "a foreign redirect, solved" }));
  },

  "captcha: other routes need none": async (t) => {
    await signedUp(t);
    await t.get("/get-session");
    await t.post("/change-password", { currentPassword: PERSON.password, newPassword: "password5678" });
    await t.post("/sign-out", {});
    await t.get("/ok");
  },

  "captcha: a name of a route in the query": async (t) => {
    await t.get("/ok?x=/sign-in/email");
    await t.get("/get-session?x=/sign-up/email");
  },

  "captcha: other spellings": async (t) => {
    for (const path of ["/sign-in/email/", "/sign-in/email-otp", "/sign-in/email/a"])
      await t.post(path, SIGN_IN, { label: path });
    for (const path of ["//sign-in/email", "/sign-in//email", "/sign-in%2Femail", "/Sign-in/email"])
      await t.post(path, SIGN_IN, { label: path });
    for (const method of ["GET", "PUT", "DELETE"]) await t.call(method, "/sign-in/email");
  },

  "captcha: a query": async (t) => {
    await signedUp(t);
    await t.post("/sign-in/email?a=b", SIGN_IN);
    await t.post("/sign-in/email?a=b", SIGN_IN, solving("solved", { label: "solved" }));
  },
};
