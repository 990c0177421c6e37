// Links and codes of users who are banned, or have a second factor.
import { administrator, address, idOf, person, post } from "../support/admin.mjs";
import { ADA, PASSWORD, askCode, askLink, openLink, signInByCode } from "../support/proven-addresses.mjs";
import { answer, enrolled } from "../support/two-factor.mjs";

export const profile = "proven-guarded";

/** The sign-in methods: each asks for a link or a code, and returns the function that uses it. */
const WAYS = {
  "magic link": async (t, to) => {
    const { token } = await askLink(t, {}, { to, jar: null });
    return (options) => openLink(t, { token, callbackURL: "/home" }, options);
  },
  "magic link without a callback": async (t, to) => {
    const { token } = await askLink(t, {}, { to, jar: null });
    return (options) => openLink(t, { token }, options);
  },
  code: async (t, to) => {
    const otp = await askCode(t, "sign-in", { to, jar: null });
    return (options) => signInByCode(t, otp, { email: to, ...options });
  },
};

/** Marks all addresses as proven. */
const proven = (t) => t.sql(`update "user" set "emailVerified" = true`);

function ways(name, scenario) {
  return Object.fromEntries(
    Object.entries(WAYS).map(([way, ask]) => [`proven: ${name}, by a ${way}`, (t) => scenario(t, ask)]),
  );
}

export default {
  ...ways("a banned user", async (t, ask) => {
    await administrator(t);
    const userId = await person(t, "bob");
    await proven(t);
    await post(t, "ban-user", { userId, banReason: "spam" });
    const enter = await ask(t, address("bob"));
    await enter({ jar: "b", label: "enter" });
    await enter({ jar: "b", label: "again" });
    await t.get("/get-session", { jar: "b" });
  }),

  ...ways("a banned user with an unverified address", async (t, ask) => {
    await administrator(t);
    const userId = await person(t, "bob");
    await post(t, "ban-user", { userId });
    await (await ask(t, address("bob")))({ jar: "b", label: "enter" });
  }),

  ...ways("a user whose ban has ended", async (t, ask) => {
    await administrator(t);
    const userId = await person(t, "bob");
    await proven(t);
    await post(t, "ban-user", { userId, banExpiresIn: 60 });
    await t.sql(`update "user" set "banExpires" = now() - interval '1 minute' where id = $1`, [userId]);
    await (await ask(t, address("bob")))({ jar: "b", label: "enter" });
    await t.get("/get-session", { jar: "b" });
  }),

  ...ways("the role of a new user", async (t, ask) => {
    await administrator(t);
    await (await ask(t, address("eve")))({ jar: "b", label: "enter" });
    await post(t, "set-role", { userId: await idOf(t, "eve"), role: "admin" });
    await t.get("/get-session", { jar: "b" });
  }),

  ...ways("a user with a second factor", async (t, ask) => {
    const { app } = await enrolled(t);
    await proven(t);
    const enter = await ask(t, ADA);
    await enter({ label: "enter" });
    await t.get("/get-session", { label: "before the second factor" });
    await answer(t, app);
    await t.get("/get-session");
  }),

  ...ways("a trusted device of a user with a second factor", async (t, ask) => {
    const { app } = await enrolled(t);
    await proven(t);
    await t.signIn();
    await answer(t, app, { trustDevice: true });
    await t.post("/sign-out");
    await (await ask(t, ADA))({ label: "enter" });
    await t.get("/get-session");
  }),

  ...ways("a user with a second factor and an unverified address", async (t, ask) => {
    const { app } = await enrolled(t);
    await (await ask(t, ADA))({ label: "enter" });
    await answer(t, app);
    await t.get("/get-session");
  }),

  "proven: an enrolment of a user without a password": async (t) => {
    await signInByCode(t, await askCode(t, "sign-in"));
    await t.post("/two-factor/enable", { password: PASSWORD });
  },

  "proven: a reset by a code, of a banned user": async (t) => {
    await administrator(t);
    const userId = await person(t, "bob");
    await proven(t);
    await post(t, "ban-user", { userId });
    const otp = await askCode(t, "forget-password", { to: address("bob") });
    await t.post("/email-otp/reset-password", { email: address("bob"), otp, password: "password5678" }, { jar: null });
    await t.signIn("bob", { jar: "b", body: { password: "password5678" } });
  },
};
