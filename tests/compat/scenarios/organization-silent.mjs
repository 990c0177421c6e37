// Organizations of a server that sends no messages.
import { founded, invite, person, post, read } from "../support/organizations.mjs";

export const profile = "organization-silent";

export default {
  "organization silent: an invitation without a message": async (t) => {
    await founded(t);
    await person(t, "bob");
    const { id } = await invite(t, "bob@example.com");
    await invite(t, "bob@example.com", { resend: true }, { label: "resent" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob" });
    await read(t, "list-members", { sortBy: "createdAt" });
  },

  "organization silent: routes of teams and roles": async (t) => {
    await founded(t);
    for (const route of [
      "create-team",
      "update-team",
      "remove-team",
      "set-active-team",
      "add-team-member",
      "remove-team-member",
    ])
      await post(t, route, {});
    for (const route of ["create-role", "update-role", "delete-role"]) await post(t, route, {});
    for (const route of ["list-teams", "list-user-teams", "list-team-members", "list-roles", "get-role"])
      await read(t, route);
    for (const route of ["add-member", "create-organization", "get-organization"]) await post(t, route, {});
  },

  "organization silent: an invitation to a team": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com", { teamId: "x" });
    await invite(t, "cy@example.com", { teamId: ["x", "y"] }, { label: "two" });
  },
};
