import { requestChecks } from "../support/guards.mjs";

export default {
  ...requestChecks("/sign-out", {}),

  "sign out: good": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.post("/sign-out");
    await t.post("/sign-out", {}, { label: "again" });
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "another session" });
  },

  "sign out: without a session": async (t) => {
    await t.post("/sign-out", {}, { jar: null });
    await t.post("/sign-out", {}, { jar: null, headers: { origin: "https://evil.test" }, label: "foreign" });
    await t.post("/sign-out", {}, { jar: null, headers: { cookie: "a=b" }, label: "another's cookie" });
  },

  "sign out: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post("/sign-out");
  },

  "sign out: a session that has ended": async (t) => {
    await t.signUp();
    await t.age("8 days");
    await t.post("/sign-out");
  },

  "sign out: invalid cookies": async (t) => {
    await t.signUp();
    const [name, good] = [...t.jar()][0];
    for (const cookie of [`${name}=`, `${name}=x`, `${name}=x.${good.split(".")[1]}`, `${name}=%ZZ`])
      await t.post("/sign-out", {}, { headers: { cookie }, label: cookie.replace(good.split(".")[1], "…") });
    await t.get("/get-session");
  },

  "sign out: cookies of a cache": async (t) => {
    await t.signUp();
    const [name, good] = [...t.jar()][0];
    const data = name.replace("session_token", "session_data");
    const cookie = `${name}=${good}; ${data}=a; ${data}.0=b; ${data}.1=c; ${data}x=d`;
    await t.post("/sign-out", {}, { headers: { cookie } });
  },
};
