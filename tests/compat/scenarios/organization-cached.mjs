// Organizations and the session cookie cache.
import { bodyOf, create, firstTeam, invite, post, read } from "../support/organizations.mjs";

export const profile = "organization-cached";

const sessions = async (t, jar, label) => {
  await t.get("/get-session", { jar, label: `${label}, by the cache` });
  await t.get("/get-session?disableCookieCache=true", { jar, label: `${label}, by the database` });
};

export default {
  "organization cached: a new one": async (t) => {
    await t.signUp();
    await create(t);
    await sessions(t, "default", "created");
    await read(t, "get-full-organization");
    await post(t, "set-active", { organizationSlug: "acme" });
    await sessions(t, "default", "set");
    await read(t, "get-full-organization");
    await create(t, { slug: "second" });
    await sessions(t, "default", "a second one");
    await post(t, "set-active", {}, { label: "the same" });
    await sessions(t, "default", "the same");
    await post(t, "set-active", { organizationId: null }, { label: "none" });
    await sessions(t, "default", "none");
  },

  "organization cached: a team": async (t) => {
    await t.signUp();
    await create(t);
    const { id } = await firstTeam(t);
    await post(t, "set-active-team", { teamId: id });
    await sessions(t, "default", "set");
    await read(t, "list-team-members");
    await post(t, "set-active-team", { teamId: null }, { label: "none" });
    await sessions(t, "default", "none");
  },

  "organization cached: an invitation is accepted": async (t) => {
    await t.signUp();
    const acme = await create(t);
    await t.signUp("bob", { jar: "bob" });
    const { id } = await invite(t, "bob@example.com", { organizationId: acme.id });
    await t.message("bob@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob" });
    await sessions(t, "bob", "accepted");
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
    await sessions(t, "bob", "left");
  },

  "organization cached: an invitation to a team is accepted": async (t) => {
    await t.signUp();
    const acme = await create(t);
    const { id: teamId } = await firstTeam(t);
    await t.signUp("bob", { jar: "bob" });
    const { id } = await invite(t, "bob@example.com", { organizationId: acme.id, teamId });
    await t.message("bob@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob" });
    await sessions(t, "bob", "accepted");
  },

  "organization cached: a member is removed": async (t) => {
    await t.signUp();
    const acme = await create(t);
    await t.signUp("bob", { jar: "bob" });
    const { id } = await invite(t, "bob@example.com", { organizationId: acme.id });
    await t.message("bob@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob" });
    await post(t, "set-active", { organizationSlug: "acme" }, { who: "bob" });
    await post(t, "remove-member", { memberIdOrEmail: "bob@example.com", organizationId: acme.id });
    await sessions(t, "bob", "removed");
    await read(t, "get-full-organization", {}, { who: "bob" });
    await sessions(t, "bob", "refused");
  },

  "organization cached: one is deleted": async (t) => {
    await t.signUp();
    const acme = bodyOf(await post(t, "create", { name: "Acme", slug: "acme" }));
    await post(t, "set-active", { organizationId: acme.id });
    await post(t, "delete", { organizationId: acme.id });
    await sessions(t, "default", "deleted");
  },

  "organization cached: the user changes": async (t) => {
    await t.signUp();
    await create(t);
    await t.post("/update-user", { name: "Ada L." });
    await sessions(t, "default", "changed");
  },
};
