// Organizations of a server that requires verified addresses.
import { create, invite, person, post, read } from "../support/organizations.mjs";

export const profile = "organization-verified";

export default {
  "organization verified: from an invitation over sign-up to membership": async (t) => {
    await person(t, "ada", { isVerified: true });
    await create(t);
    const { id } = await invite(t, "new@example.com");
    await t.message("new@example.com", "the invitation");
    await t.signUp("new", { jar: "new" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "new", label: "not verified" });
    const { url } = await t.message("new@example.com", "the verification");
    await t.follow(url, { jar: "new" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await read(t, "get-active-member", {}, { who: "new" });
  },
};
