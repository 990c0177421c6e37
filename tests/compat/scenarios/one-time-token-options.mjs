// One-time tokens that hand sessions over, hashed and in headers.
import { generate, inHeader, verify } from "../support/one-time-tokens.mjs";

export const profile = "one-time-token-options";

const trusted = { headers: { origin: "http://localhost:5173" } };

export default {
  "one-time token options: generated": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await verify(t, token);
    await verify(t, token, "again");
  },

  "one-time token options: in headers": async (t) => {
    const signedUp = await t.signUp("ada", trusted);
    await verify(t, inHeader(signedUp), "the token of the sign-up", trusted);
    const updated = await t.post("/update-user", { name: "Ada" });
    await verify(t, inHeader(updated), "the token of a change");
    await t.get("/get-session", { label: "no new session" });
    await t.age("2 days");
    const renewed = await t.get("/get-session", { label: "renewed" });
    await verify(t, inHeader(renewed), "the token of a renewal");
    await t.post("/sign-out");
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.signIn("ada", { jar: "c", body: { password: "wrong password" }, label: "a wrong password" });
  },

  "one-time token options: expired": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.lapse();
    await verify(t, token);
  },
};
