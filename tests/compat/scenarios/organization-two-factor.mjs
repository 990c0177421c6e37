// Organizations and the second factor, and other functions that replace a session.
import { PASSWORD, answer, enable } from "../support/two-factor.mjs";
import { create, invite, person, post } from "../support/organizations.mjs";

export const profile = "organization-two-factor";

export default {
  "organization two factor: active in a session that is replaced": async (t) => {
    await t.signUp();
    await create(t);
    const { app } = await enable(t);
    await answer(t, app);
    await t.get("/get-session", { label: "enabled" });
    await t.post("/two-factor/disable", { password: PASSWORD });
    await t.get("/get-session", { label: "disabled" });
  },

  "organization two factor: a sign-in with a code": async (t) => {
    await t.signUp();
    await create(t);
    const { app } = await enable(t);
    await answer(t, app);
    await t.signIn("ada", { jar: "b" });
    await answer(t, app, {}, { jar: "b" });
    await t.get("/get-session", { jar: "b" });
  },

  "organization two factor: the password changes": async (t) => {
    await t.signUp();
    await create(t);
    await t.post("/change-password", {
      currentPassword: PASSWORD,
      newPassword: "password5678",
      revokeOtherSessions: true,
    });
    await t.get("/get-session");
  },

  "organization two factor: an invitation to a user who is challenged": async (t) => {
    await person(t, "bob");
    await create(t, {}, { who: "bob" });
    await t.signUp();
    const { app } = await enable(t);
    await answer(t, app);
    const { id } = await invite(t, "ada@example.com", {}, { who: "bob" });
    await t.message("ada@example.com");
    await t.signIn("ada", { jar: "cy" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "cy", label: "challenged" });
    await answer(t, app, {}, { jar: "cy" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "cy" });
  },
};
