// Sign-in by user name if addresses must be verified.
export const profile = "username-verified";

const ADA = { username: "ada_l", password: "password1234" };
const ROUTE = "/sign-in/username";
const signUp = (t) => t.signUp("ada", { body: { username: "Ada_L" } });

export default {
  "username: a sign-in before the address is verified": async (t) => {
    await signUp(t);
    await t.message("ada@example.com", "message of the sign-up");
    await t.post(ROUTE, { ...ADA, password: "wrong-password" }, { label: "wrong password" });
    await t.silence("no message for a wrong password");
    await t.post(ROUTE, ADA);
    const { url } = await t.message("ada@example.com", "message of the sign-in");
    await t.follow(url);
    await t.get("/get-session");
    await t.post(ROUTE, ADA, { jar: "b", label: "afterwards" });
  },

  "username: a callback in the message": async (t) => {
    await signUp(t);
    await t.message("ada@example.com", "message of the sign-up");
    await t.post(ROUTE, { ...ADA, callbackURL: "/home" });
    const { url } = await t.message("ada@example.com", "message of the sign-in");
    await t.follow(url);
  },

  "username: a callback with a query in the message": async (t) => {
    await signUp(t);
    await t.message("ada@example.com", "message of the sign-up");
    await t.post(ROUTE, { ...ADA, callbackURL: "/home?a=b&c=%20d" });
    const { url } = await t.message("ada@example.com", "message of the sign-in");
    await t.follow(url);
  },

  "username: a sign-up with a taken name if addresses must be verified": async (t) => {
    await signUp(t);
    await t.message("ada@example.com");
    await t.signUp("bob", { body: { username: "ada_l" } });
    await t.post("/is-username-available", { username: "ada_l" });
  },
};
