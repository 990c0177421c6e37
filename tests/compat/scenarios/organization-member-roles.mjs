// Roles of members.
import { session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  joined,
  person,
  post,
  read,
  staffed,
} from "../support/organizations.mjs";

export const profile = "organization";

const UPDATE = "update-member-role";
const setRole = (t, memberId, role, options) => post(t, UPDATE, { memberId, role }, options);

/** A member, an admin and a second owner. */
const STAFF = { bob: "member", cy: "admin", dan: "owner" };

export default {
  ...session("POST", `/organization/${UPDATE}`, { memberId: NO_ID, role: "member" }),

  "organization: members of wrong types in a change of a role": async (t) => {
    await staffed(t, STAFF);
    for (const [label, role] of Object.entries(NO_TEXT)) await setRole(t, NO_ID, role, { label: `role ${label}` });
    for (const [label, value] of Object.entries(NO_TEXT))
      await setRole(t, value, "member", { label: `member ${label}` });
    await each(t, UPDATE, [
      {},
      { role: "member" },
      { memberId: NO_ID },
      { memberId: NO_ID, role: "member", organizationId: 1 },
    ]);
    await post(t, UPDATE, {}, { jar: null, label: "no session, nothing" });
  },

  "organization: the role of a member changes": async (t) => {
    const { bob } = await staffed(t, STAFF);
    await setRole(t, bob.member, "admin", { label: "text" });
    await setRole(t, bob.member, ["member", "admin"], { label: "list" });
    await setRole(t, bob.member, "member,admin", { label: "a text with a comma" });
    await setRole(t, bob.member, ["owner"], { label: "owner" });
    await read(t, "get-active-member", {}, { who: "bob" });
    await read(t, "list-members");
  },

  "organization: the role of a member changes to unusual values": async (t) => {
    const { bob } = await staffed(t, STAFF);
    for (const role of ["", [], [""], ",", "member,", " member", "member , admin", "MEMBER", ["a", "a"]])
      await setRole(t, bob.member, role, { label: `role ${JSON.stringify(role)}` });
    await read(t, "list-members");
  },

  "organization: the role of a member changes to an unknown one": async (t) => {
    const { bob } = await staffed(t, STAFF);
    for (const role of ["unknown", "member,unknown", ["member", "unknown"]])
      await setRole(t, bob.member, role, { label: `role ${JSON.stringify(role)}` });
  },

  "organization: the role of a member changes without an active organization": async (t) => {
    const { acme, ada, bob } = await staffed(t, STAFF);
    await activate(t, ada);
    await setRole(t, bob.member, "admin");
    await post(t, UPDATE, { memberId: bob.member, role: "admin", organizationId: acme.id }, { label: "with the id" });
    await post(
      t,
      UPDATE,
      { memberId: bob.member, role: "admin", organizationId: NO_ID },
      { label: "with an unknown id" },
    );
  },

  "organization: roles that owners change": async (t) => {
    const { ada, dan } = await staffed(t, STAFF);
    await setRole(t, dan.member, "member", { label: "another owner's" });
    await setRole(t, ada.member, "member", { label: "the last owner's own" });
    await setRole(t, ada.member, ["owner", "admin"], { label: "the last owner's own, still an owner" });
    await setRole(t, dan.member, "owner", { label: "another one becomes owner" });
    await setRole(t, ada.member, "member", { label: "one of two owners' own" });
    await setRole(t, dan.member, "member", { label: "by a former owner" });
  },

  "organization: the role owner within a text": async (t) => {
    const { ada } = await staffed(t, { bob: "member" });
    await setRole(t, ada.member, "owner,admin", { label: "the last owner's own" });
  },

  "organization: roles that admins and members change": async (t) => {
    const { ada, bob, cy, dan } = await staffed(t, STAFF);
    for (const [who, member, role, label] of [
      ["cy", bob.member, "admin", "a member by an admin"],
      ["cy", bob.member, "member", "back"],
      ["cy", cy.member, "owner", "an admin makes itself an owner"],
      ["cy", bob.member, ["member", "owner"], "an admin makes a member an owner"],
      ["cy", dan.member, "member", "an owner by an admin"],
      ["bob", bob.member, "admin", "a member makes itself an admin"],
      ["bob", cy.member, "member", "an admin by a member"],
      ["bob", ada.member, "owner", "an owner by a member"],
      ["cy", cy.member, "member", "an admin gives up"],
      ["cy", bob.member, "admin", "by a former admin"],
    ])
      await setRole(t, member, role, { who, label });
  },

  "organization: an admin makes itself an owner within a text": async (t) => {
    const { bob, cy } = await staffed(t, STAFF);
    await setRole(t, bob.member, "member,owner", { who: "cy", label: "another" });
    await setRole(t, cy.member, "admin,owner", { who: "cy", label: "itself" });
    await setRole(t, bob.member, " owner", { who: "cy", label: "with a space" });
  },

  "organization: roles of members of other organizations change": async (t) => {
    const { bob } = await staffed(t, STAFF);
    await person(t, "ian");
    const ians = await create(t, { slug: "ians" }, { who: "ian" });
    const jo = await joined(t, ians, "jo", "member");
    await setRole(t, jo.member, "admin", { label: "another's member" });
    await setRole(t, NO_ID, "admin", { label: "an unknown member" });
    await setRole(t, "", "admin", { label: "an empty id" });
    await setRole(t, bob.id, "admin", { label: "the id of a user" });
    await setRole(t, bob.member, "admin", { who: "ian", label: "by another's owner" });
    await setRole(t, jo.member, "admin", { who: "bob", label: "another's member by a member" });
  },
};
