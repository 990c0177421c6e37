// User names and the other functions of an account.
import { bearer } from "../support/two-factor.mjs";

export const profile = "username";

const ADA = { username: "ada_l", password: "password1234" };
const ROUTE = "/sign-in/username";

export default {
  "username: the password is changed": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.post("/change-password", { currentPassword: ADA.password, newPassword: "password5678" });
    await t.post(ROUTE, ADA, { jar: "b", label: "the old one" });
    await t.post(ROUTE, { ...ADA, password: "password5678" }, { jar: "b", label: "the new one" });
  },

  "username: the password is reset": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.post("/request-password-reset", { email: "ada@example.com", redirectTo: "/new" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password5678" });
    await t.post(ROUTE, ADA, { jar: "b", label: "the old one" });
    await t.post(ROUTE, { ...ADA, password: "password5678" }, { jar: "b", label: "the new one" });
    await t.post("/request-password-reset", { email: "ada_l" }, { label: "by the name" });
  },

  "username: in tokens and headers": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" }, jar: null });
    const caller = bearer(await t.post(ROUTE, ADA, { jar: null }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
    await t.post("/update-user", { username: "by_token" }, caller);
    await t.get("/get-session", { ...caller, label: "afterwards" });
  },

  "username: sessions are listed and revoked": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    const { token } = (await t.post(ROUTE, ADA, { jar: "b", headers: { "user-agent": "agent/1" } })).json();
    await t.get("/list-sessions");
    await t.post("/revoke-session", { token });
    await t.get("/get-session", { jar: "b" });
  },

  "username: the address is changed": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.post("/change-email", { newEmail: "new@example.com" });
    const { url } = await t.message("new@example.com");
    await t.follow(url);
    await t.get("/get-session");
    await t.post(ROUTE, ADA, { jar: "b" });
  },

  "username: the user is deleted": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.post("/delete-user", { password: ADA.password });
    await t.post(ROUTE, ADA, { jar: "b" });
    await t.signUp("bob", { body: { username: "ada_l" }, jar: "bob", label: "the name is available" });
  },
};
