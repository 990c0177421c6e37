// Steps of scenarios for organizations, members, invitations, teams and roles.
import { randomInt } from "node:crypto";

import { signed } from "./two-factor.mjs";

const SESSION = "better-auth.session_token";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** An id in Better Auth's form that no row has. */
export const NO_ID = "NoSuchRowNoSuchRowNoSuchRowNoSu1";

/** A random id in Better Auth's form. */
export function newId() {
  return Array.from({ length: 32 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** The jar of a user: the default one for Ada, for others the one with the user's name. */
const jarOf = (name) => (name === "ada" ? "default" : name);

/** SQL of a time in whole milliseconds that is later than those of all rows of a table. */
function later(table) {
  const last = `(select max("createdAt") + interval '1 millisecond' from "${table}")`;
  return `greatest(date_trunc('milliseconds', clock_timestamp()), ${last})`;
}

/**
 * Creates a user and a session without a sign-up, which would cost the time of a password hash. The user's jar holds the
 * session cookie.
 */
export async function person(t, name = "ada", { isVerified = false, email = `${name}@example.com` } = {}) {
  const [id, token, session] = [newId(), newId(), newId()];
  const columns = `id, name, email, "emailVerified", "createdAt", "updatedAt"`;
  await t.sql(`insert into "user" (${columns}) values ($1, $2, $3, $4, ${later("user")}, ${later("user")})`, [
    id,
    name,
    email,
    isVerified,
  ]);
  await t.sql(
    `insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
     values ($1, $2, $3, ${later("session")} + interval '7 days', ${later("session")}, ${later("session")}, '', '')`,
    [session, token, id],
  );
  t.jar(jarOf(name)).set(SESSION, signed(t, token));
  return { id, name, email, token };
}

/** The JSON of a response, or an empty object. */
export function bodyOf(answer) {
  try {
    return answer.json() ?? {};
  } catch {
    return {};
  }
}

/** Calls a route of the plugin with a body. `who` is the name of the caller. */
export function post(t, route, body, { who = "ada", label, ...options } = {}) {
  const path = `/organization/${route}`;
  return t.post(path, body, { jar: jarOf(who), label: label && `${path}: ${label}`, ...options });
}

/** Calls a route of the plugin with a query, whose values are not part of the label. */
export function read(t, route, query = {}, { who = "ada", label = Object.keys(query).join(", "), ...options } = {}) {
  const path = `/organization/${route}`;
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined));
  const url = search.size > 0 ? `${path}?${search}` : path;
  return t.get(url, { jar: jarOf(who), label: label ? `${path}: ${label}` : path, ...options });
}

/** Creates an organization, which becomes the caller's active one. */
export async function create(t, changes = {}, options = {}) {
  return bodyOf(await post(t, "create", { name: "Acme", slug: "acme", ...changes }, options));
}

/** Ada, and an organization that Ada owns. */
export async function founded(t, changes, options) {
  const ada = await person(t);
  return { ada, acme: await create(t, changes, options) };
}

/** Makes a user a member without an invitation, and returns the id of the member. */
export async function enter(t, organization, user, role = "member") {
  const id = newId();
  await t.sql(
    `insert into member (id, "organizationId", "userId", role, "createdAt") values ($1, $2, $3, $4, ${later("member")})`,
    [id, organization.id, user.id, role],
  );
  return id;
}

/** Creates a user who is a member of an organization. `member` is the id of the member. */
export async function joined(t, organization, name, role) {
  const user = await person(t, name);
  return { ...user, member: await enter(t, organization, user, role) };
}

/**
 * Ada's organization with more members, by the role of each, for all of whom it is active. Each user's `member` is the id
 * of the member.
 */
export async function staffed(t, roles = { bob: "member", cy: "admin" }) {
  const { ada, acme } = await founded(t);
  const people = { ada };
  for (const [name, role] of Object.entries(roles)) {
    people[name] = await joined(t, acme, name, role);
    await activate(t, people[name], { organization: acme });
  }
  const [{ id } = {}] = await t.sql(`select id from member where "userId" = $1`, [ada.id]);
  ada.member = id;
  return { acme, ...people };
}

/** Sets the active organization and the active team of all sessions of a user. */
export function activate(t, user, { organization = null, team } = {}) {
  const columns = [`"activeOrganizationId" = $2`, ...(team === undefined ? [] : [`"activeTeamId" = $3`])];
  const values = [user.id, organization && organization.id, ...(team === undefined ? [] : [team && team.id])];
  return t.sql(`update session set ${columns.join(", ")} where "userId" = $1`, values);
}

/** Invites an address, and returns the invitation. */
export async function invite(t, email, changes = {}, options = {}) {
  return bodyOf(await post(t, "invite-member", { email, role: "member", ...changes }, options));
}

/** Makes invitations expire. */
export function expire(t) {
  return t.sql(`update invitation set "expiresAt" = now() - interval '1 minute'`);
}

/** Creates a team, and returns it. */
export async function team(t, name = "Blue", changes = {}, options = {}) {
  return bodyOf(await post(t, "create-team", { name, ...changes }, options));
}

/** Puts a user into a team without a request. */
export async function enterTeam(t, { id }, user) {
  const values = [newId(), id, user.id];
  const columns = `id, "teamId", "userId", "createdAt"`;
  await t.sql(`insert into "teamMember" (${columns}) values ($1, $2, $3, ${later("teamMember")})`, values);
}

/** Creates a role of an organization, and returns it. */
export async function role(t, name = "editor", permission = { project: ["create"] }, options = {}) {
  return bodyOf(await post(t, "create-role", { role: name, permission }, options)).roleData ?? {};
}

/** The team that an organization is created with. */
export async function firstTeam(t) {
  const [found] = await t.sql(`select id, name from team order by "createdAt" limit 1`);
  return found ?? {};
}

/** Sends each of the bodies, which are named by their content. */
export async function each(t, route, bodies, options = {}) {
  for (const [label, body] of Array.isArray(bodies) ? bodies.map(named) : Object.entries(bodies))
    await post(t, route, body, { ...options, label });
}

function named(body) {
  return [JSON.stringify(body).slice(0, 80), body];
}

/** Values of other types than a text. */
export const NO_TEXT = { number: 1, true: true, null: null, object: {}, array: [], "array of texts": ["a"] };
