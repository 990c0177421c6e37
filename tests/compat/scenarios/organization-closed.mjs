// Options that forbid what is allowed by default, and allow what is forbidden by default.
import {
  activate,
  create,
  enter,
  enterTeam,
  invite,
  newId,
  person,
  post,
  read,
  team,
} from "../support/organizations.mjs";

export const profile = "organization-closed";

/** Creates Ada, and an organization without a request. */
async function given(t) {
  const ada = await person(t);
  const acme = { id: newId() };
  await t.sql(`insert into organization (id, name, slug, "createdAt") values ($1, 'Acme', 'acme', now())`, [acme.id]);
  await enter(t, acme, ada, "owner");
  await activate(t, ada, { organization: acme });
  return { ada, acme };
}

export default {
  "organization closed: no user may create one": async (t) => {
    const { ada } = await given(t);
    await create(t, { slug: "other" });
    await create(t, { slug: "acme" }, { label: "a slug that is taken" });
    await create(t, { slug: "" }, { label: "no slug" });
    await create(t, { slug: "other", userId: ada.id }, { label: "with the user" });
    await create(t, { slug: "other", userId: ada.id }, { jar: null, label: "without a session" });
  },

  "organization closed: none can be deleted": async (t) => {
    const { acme } = await given(t);
    await post(t, "delete", { organizationId: acme.id });
    await post(t, "delete", { organizationId: "x" }, { label: "unknown" });
    await post(t, "delete", {}, { label: "nothing" });
    await post(t, "delete", { organizationId: acme.id }, { jar: null, label: "without a session" });
  },

  "organization closed: an invitation to an address that is not verified": async (t) => {
    await given(t);
    await person(t, "bob");
    await person(t, "cy");
    const { id } = await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    for (const route of ["accept-invitation", "reject-invitation"]) {
      await post(t, route, { invitationId: id }, { who: "bob" });
      await post(t, route, { invitationId: id }, { who: "cy", label: "by another" });
    }
    await read(t, "get-invitation", { id }, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await t.sql(`update "user" set "emailVerified" = true`);
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob", label: "verified" });
  },

  "organization closed: a rejection by a verified user": async (t) => {
    await given(t);
    await person(t, "bob", { isVerified: true });
    const { id } = await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await post(t, "reject-invitation", { invitationId: id }, { who: "bob" });
  },

  "organization closed: a user who is invited again": async (t) => {
    await given(t);
    await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", {}, { label: "again" });
    await invite(t, "bob@example.com", { resend: true }, { label: "resent" });
    await t.message("bob@example.com");
  },

  "organization closed: all teams can be removed": async (t) => {
    const { ada, acme } = await given(t);
    await read(t, "list-teams");
    const blue = await team(t);
    await enterTeam(t, blue, ada);
    await post(t, "remove-team", { teamId: blue.id });
    await read(t, "list-teams", { organizationId: acme.id });
    await read(t, "get-full-organization");
  },
};
