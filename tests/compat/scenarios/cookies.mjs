// Custom names and attributes of cookies.
export const profile = "cookies";

const LONG = { image: `https://example.com/${"x".repeat(2000)}`, name: "ä\"".repeat(120) };

export default {
  "cookies: good": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.get("/get-session?disableCookieCache=true");
    await t.age("2 days");
    await t.get("/get-session?disableCookieCache=true", { label: "renewed" });
    await t.post("/update-user", { name: "Ada" });
    await t.get("/list-sessions");
    await t.post("/sign-out");
  },

  "cookies: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.get("/get-session?disableCookieCache=true");
    await t.post("/update-user", { name: "Ada" });
    await t.post("/sign-out");
  },

  "cookies: in pieces": async (t) => {
    await t.signUp("ada", { body: LONG, headers: { "user-agent": "x".repeat(500) } });
    await t.get("/get-session");
    await t.post("/sign-out");
  },

  "cookies: default names": async (t) => {
    await t.signUp();
    const good = t.jar().get("__Secure-token");
    for (const name of ["better-auth.session_token", "__Secure-better-auth.session_token", "__Secure-shop.session_token", "token"])
      await t.get("/get-session", { jar: null, headers: { cookie: `${name}=${good}` }, label: name });
  },
};
