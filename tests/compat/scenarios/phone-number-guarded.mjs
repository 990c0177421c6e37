// Phone numbers of users who are banned, or have a second factor.
import { administrator, idOf, post } from "../support/admin.mjs";
import { NUMBER, OTHER, add, askReset, owner, prove, signIn } from "../support/phones.mjs";
import { answer, enrol } from "../support/two-factor.mjs";

export const profile = "phone-number-guarded";

const WAYS = { password: signIn, code: prove };

function ways(name, scenario) {
  return Object.fromEntries(
    Object.entries(WAYS).map(([way, enter]) => [`phone guarded: ${name}, by a ${way}`, (t) => scenario(t, enter)]),
  );
}

/** Signs a user up, who has a number and a second factor. */
async function guarded(t) {
  await owner(t);
  return enrol(t, { jar: "own" });
}

export default {
  ...ways("a banned user", async (t, enter) => {
    await administrator(t);
    await owner(t);
    await post(t, "ban-user", { userId: await idOf(t, "ada"), banReason: "spam" });
    await enter(t);
    await t.get("/get-session");
  }),

  ...ways("a user whose ban has ended", async (t, enter) => {
    await administrator(t);
    await owner(t);
    await post(t, "ban-user", { userId: await idOf(t, "ada"), banExpiresIn: 60 });
    await t.sql(`update "user" set "banExpires" = now() - interval '1 minute' where name = 'ada'`);
    await enter(t);
    await t.get("/get-session");
  }),

  ...ways("a user with a second factor", async (t, enter) => {
    const { app } = await guarded(t);
    await enter(t);
    await t.get("/get-session", { label: "before the second factor" });
    await answer(t, app);
    await t.get("/get-session");
  }),

  ...ways("a user with a second factor, not remembered", async (t, enter) => {
    const { app } = await guarded(t);
    await enter(t, { body: { rememberMe: false } });
    await answer(t, app);
    await t.get("/get-session");
  }),

  ...ways("a trusted device", async (t, enter) => {
    const { app } = await guarded(t);
    await t.signIn();
    await answer(t, app, { trustDevice: true });
    await t.post("/sign-out");
    await enter(t);
    await t.get("/get-session");
  }),

  "phone guarded: a number is added to a user with a second factor": async (t) => {
    await guarded(t);
    await add(t, { number: OTHER, jar: "own" });
    await t.get("/get-session", { jar: "own" });
  },

  "phone guarded: a user with a second factor proves a number without a session": async (t) => {
    await guarded(t);
    await prove(t, { body: { disableSession: true } });
  },

  "phone guarded: a reset of a user with a second factor": async (t) => {
    const { app } = await guarded(t);
    const body = { phoneNumber: NUMBER, otp: await askReset(t), newPassword: "password5678" };
    await t.post("/phone-number/reset-password", body, { jar: null, label: "reset" });
    await signIn(t, { password: "password5678" });
    await answer(t, app);
  },

  "phone guarded: a new user has a role": async (t) => {
    await prove(t);
    await t.get("/get-session");
  },

  "phone guarded: administrators and numbers": async (t) => {
    await administrator(t);
    await owner(t);
    const userId = await idOf(t, "ada");
    await post(t, "update-user", { userId, data: { phoneNumber: OTHER } }, "the number");
    await post(t, "update-user", { userId, data: { phoneNumberVerified: false } }, "the mark");
    const eve = { email: "eve@example.com", name: "Eve", password: "password1234", data: { phoneNumber: "+1" } };
    await post(t, "create-user", eve);
  },
};
