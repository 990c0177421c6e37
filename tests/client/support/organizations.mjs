// Steps of tests with organizations, by the official client and its plugin.
import { randomInt } from "node:crypto";

import { createAccessControl } from "better-auth/plugins/access";
import { adminAc, defaultStatements, memberAc, ownerAc } from "better-auth/plugins/organization/access";
import { organizationClient } from "better-auth/client/plugins";

import { linkFor } from "./inbox.mjs";
import { dataOf, member } from "./visitor.mjs";

/** What roles may contain: Better Auth's own statements and those of an application. */
const STATEMENTS = { ...defaultStatements, project: ["create", "share"] };
export const ac = createAccessControl(STATEMENTS);
const ROLES = {
  owner: { ...ownerAc.statements, project: ["create", "share"] },
  admin: { ...adminAc.statements, project: ["create"] },
  member: { ...memberAc.statements, project: ["create"] },
};
const roles = Object.fromEntries(Object.entries(ROLES).map(([name, granted]) => [name, ac.newRole(granted)]));

/** The configuration file of a server with organizations, teams, and roles that organizations create. */
export function configuration(changes = {}) {
  const organization = {
    ac: STATEMENTS,
    roles: ROLES,
    teams: { enabled: true },
    dynamic_access_control: { enabled: true },
    ...changes,
  };
  return { plugins: { organization } };
}

/** Options of a client with the plugin. */
export const withOrganizations = {
  plugins: [organizationClient({ ac, roles, teams: { enabled: true }, dynamicAccessControl: { enabled: true } })],
};

/** A new user. */
export const newUser = (server) => member(server, withOrganizations);

/** A slug that no other test uses. */
export const newSlug = () => `acme-${randomInt(1e12)}`;

/** A new user, and an organization that the user owns. */
export async function founder(server, changes = {}) {
  const owner = await newUser(server);
  const acme = dataOf(await owner.auth.organization.create({ name: "Acme", slug: newSlug(), ...changes }));
  return { ...owner, acme };
}

/** A new user who has accepted an invitation of an owner. */
export async function invited(server, owner, changes = {}) {
  const guest = await newUser(server);
  const invitation = { email: guest.person.email, role: "member", organizationId: owner.acme.id, ...changes };
  const { id } = dataOf(await owner.auth.organization.inviteMember(invitation));
  const accepted = dataOf(await guest.auth.organization.acceptInvitation({ invitationId: id }));
  return { ...guest, member: accepted.member };
}

/** The id in the link of the newest invitation to an address. */
export async function invitationFor(server, email) {
  const link = await linkFor(server, "invitation", email);
  return { link, id: link.searchParams.get("invitationId") };
}
