// Organizations: with the default options, with teams, with roles, and with another value for every option.
import { createAccessControl } from "better-auth/plugins/access";
import { defaultStatements } from "better-auth/plugins/organization/access";

import { derived } from "./derived.mjs";
import { twoFactor } from "./two-factor.mjs";

const INVITATION = "invitation";
const TEAMS = [{ teams: { enabled: true } }, { teams: { enabled: true } }];

/** Statements of an application, and roles that grant some of their actions. */
const STATEMENTS = { project: ["create", "share", "update", "delete"], sale: ["create", "update", "delete"] };
const ROLES = {
  owner: {
    project: ["create", "share", "update", "delete"],
    sale: ["create", "update", "delete"],
    ...defaultStatements,
  },
  admin: {
    project: ["create", "update"],
    sale: ["create"],
    organization: ["update"],
    member: ["create", "update", "delete"],
    invitation: ["create", "cancel"],
    team: ["create", "update", "delete"],
    ac: ["create", "read", "update", "delete"],
  },
  member: { project: ["create"], ac: ["read"] },
  reader: {},
};
/** Roles of which none has the name of a default role. */
const OTHER_ROLES = {
  boss: defaultStatements,
  clerk: { invitation: ["create"], member: ["update"], project: ["create"] },
  guest: {},
};

/** `base` with organizations. Portcullis requires verified addresses for invitations by default. */
export function organization(base, reference = {}, ours = {}) {
  return derived(base, {
    messages: [...(base.messages ?? []), INVITATION],
    reference: { plugins: { organization: reference } },
    ours: { plugins: { organization: { require_email_verification_on_invitation: false, ...ours } } },
  });
}

/** Options of roles for both servers. */
function roles(statements, declared) {
  const ac = createAccessControl(statements);
  const created = Object.entries(declared).map(([name, granted]) => [name, ac.newRole(granted)]);
  return [
    { ac, roles: Object.fromEntries(created) },
    { ac: statements, roles: declared },
  ];
}

const ALL_STATEMENTS = { ...defaultStatements, ...STATEMENTS };
const own = roles(ALL_STATEMENTS, ROLES);
const other = roles(ALL_STATEMENTS, OTHER_ROLES);

const LIMITS = {
  organizationLimit: 2,
  membershipLimit: 3,
  invitationLimit: 3,
  invitationExpiresIn: 3600,
  teams: { enabled: true, maximumTeams: 3, maximumMembersPerTeam: 2 },
  dynamicAccessControl: { enabled: true, maximumRolesPerOrganization: 2 },
};
const OUR_LIMITS = {
  organization_limit: 2,
  membership_limit: 3,
  invitation_limit: 3,
  invitation_expires_in: 3600,
  teams: { enabled: true, maximum_teams: 3, maximum_members_per_team: 2 },
  dynamic_access_control: { enabled: true, maximum_roles_per_organization: 2 },
};

const CLOSED = {
  allowUserToCreateOrganization: false,
  disableOrganizationDeletion: true,
  requireEmailVerificationOnInvitation: true,
  cancelPendingInvitationsOnReInvite: true,
  teams: { enabled: true, defaultTeam: { enabled: false }, allowRemovingAllTeams: true },
};
const OURS_CLOSED = {
  allow_user_to_create_organization: false,
  disable_organization_deletion: true,
  require_email_verification_on_invitation: true,
  cancel_pending_invitations_on_re_invite: true,
  teams: { enabled: true, default_team: { enabled: false }, allow_removing_all_teams: true },
};

const FIELDS = {
  text: { type: "string", required: false },
  number: { type: "number", required: false },
  isOpen: { type: "boolean", required: false },
  since: { type: "date", required: false },
  code: { type: "string", required: true },
  level: { type: "number", required: false, defaultValue: 1 },
  internal: { type: "string", required: false, input: false, defaultValue: "x" },
  hidden: { type: "string", required: false, returned: false },
};
const FIELD_TABLES = ["organization", "member", "invitation", "team", "organizationRole"];
/** Members are created by other routes, which cannot pass a required field. */
const { code: _, ...OPTIONAL_FIELDS } = FIELDS;

function fieldsOf(table) {
  return table === "organization" || table === "invitation" ? FIELDS : OPTIONAL_FIELDS;
}

/** Better Auth changes the declarations of a table while it runs, so that each table gets its own. */
const fields = Object.fromEntries(
  FIELD_TABLES.map((table) => [table, { additionalFields: structuredClone(fieldsOf(table)) }]),
);
const ourFields = Object.fromEntries(
  FIELD_TABLES.map((table) => [
    snake(table),
    { additional_fields: Object.fromEntries(Object.entries(fieldsOf(table)).map(declared)) },
  ]),
);

function declared([name, { defaultValue, ...rest }]) {
  return [name, { ...rest, ...(defaultValue !== undefined && { default_value: defaultValue }) }];
}

function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The profiles by name, made from those that plugins are added to. */
export function organizationProfiles({ plain, core, verified, cached, shared }) {
  const dynamic = { dynamicAccessControl: { enabled: true } };
  const ourDynamic = { dynamic_access_control: { enabled: true } };
  const withRoles = organization(
    core,
    { ...TEAMS[0], ...own[0], ...dynamic },
    { ...TEAMS[1], ...own[1], ...ourDynamic },
  );
  return {
    organization: organization(core),
    "organization-teams": organization(core, ...TEAMS),
    "organization-silent": derived(organization(plain), { messages: undefined }),
    "organization-verified": organization(verified, ...TEAMS),
    "organization-cached": organization(cached, ...TEAMS),
    "organization-two-factor": organization(twoFactor(core), ...TEAMS),
    "organization-roles": withRoles,
    "organization-no-statements": organization(core, dynamic, ourDynamic),
    "organization-other-roles": organization(
      core,
      { ...other[0], creatorRole: "boss" },
      { ...other[1], creator_role: "boss" },
    ),
    "organization-limits": organization(core, { ...LIMITS, ac: own[0].ac }, { ...OUR_LIMITS, ac: own[1].ac }),
    "organization-closed": organization(core, CLOSED, OURS_CLOSED),
    "organization-fields": organization(
      core,
      { ...TEAMS[0], ...own[0], ...dynamic, schema: fields },
      { ...TEAMS[1], ...own[1], ...ourDynamic, schema: ourFields },
    ),
    "shared-organization": derived(withRoles, shared),
  };
}
