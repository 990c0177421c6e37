// Sessions of two hours that are renewed at each use.
export const profile = "short-lived";

export default {
  "short-lived: remembered": async (t) => {
    await t.signUp();
    await t.age("1 hour");
    await t.get("/get-session", { label: "renewed" });
    await t.get("/get-session", { label: "and again" });
    await t.age("1 hour");
    await t.get("/list-sessions", { label: "renewed without a cookie" });
    await t.get("/get-session");
    await t.age("3 hours");
    await t.get("/get-session", { label: "over" });
  },

  "short-lived: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.age("3 hours");
    await t.get("/get-session");
    await t.age("22 hours");
    await t.get("/get-session", { label: "over" });
  },
};
