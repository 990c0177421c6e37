// Steps of scenarios with administrators.

export const PASSWORD = "password1234";
/** The cookie with the administrator's own session during an impersonation. */
export const ADMIN_SESSION = "better-auth.admin_session";
/** An id that no user has. */
export const NO_ID = "x".repeat(32);

/** Values that are no texts, by name. */
export const OF_WRONG_TYPE = { null: null, number: 1, true: true, false: false, array: ["a"], empty: [], object: { a: 1 } };

/** Signs a user up in the jar with its name, and makes it an administrator. Returns its id. */
export async function administrator(t, name = "root", role = "admin") {
  await person(t, name);
  await t.sql(`update "user" set role = $1 where email = $2`, [role, address(name)]);
  return idOf(t, name);
}

/** Signs a user up in the jar with its name. Returns its id. */
export async function person(t, name, body = {}) {
  await t.signUp(name, { jar: name, body, label: `sign-up of ${name}` });
  return idOf(t, name);
}

/** Signs up an administrator, `root`, and a user, `bob`. Returns the id of the user. */
export async function both(t) {
  await administrator(t);
  return person(t, "bob");
}

/** The id of a user. */
export async function idOf(t, name) {
  const [row] = await t.sql(`select id from "user" where email = $1`, [address(name)]);
  return row?.id;
}

export function address(name) {
  return `${name}@example.com`;
}

/** Requests of the administrator `root`. */
export function post(t, action, body, label = action) {
  return t.post(`/admin/${action}`, body, { jar: "root", label });
}

export function get(t, action, query = {}, label = `${action} ${JSON.stringify(query)}`) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return t.get(`/admin/${action}?${new URLSearchParams(pairs)}`, { jar: "root", label });
}

/** Lets `root` become a user. Both cookies are in the jar `root`. */
export function impersonate(t, userId, label = "impersonate-user") {
  return post(t, "impersonate-user", { userId }, label);
}

export function stop(t, label = "stop-impersonating", jar = "root") {
  return t.post("/admin/stop-impersonating", {}, { jar, label });
}

/** Bans a user without its sessions being touched, as another program does. */
export function banned(t, name, expires = null) {
  return t.sql(
    `update "user" set banned = true, "banReason" = 'by hand', "banExpires" = now() + $2::interval where email = $1`,
    [address(name), expires],
  );
}

/**
 * The checks before the work of a route: a caller without a session, without the permission, with a wrong body.
 *
 * @param {object} body a valid body, but for the ids, which no user has
 */
export function refusals(action, body) {
  const route = `/admin/${action}`;
  return {
    [`admin ${action}: signed out`]: async (t) => {
      await t.post(route, body, { jar: null });
      await t.post(route, {}, { jar: null, label: "an empty body" });
      await t.call("POST", route, { jar: null, label: "no body" });
      await t.call("GET", route, { jar: null, label: "another method" });
    },

    [`admin ${action}: without the permission`]: async (t) => {
      await person(t, "bob");
      await t.post(route, body, { jar: "bob" });
      await t.post(route, {}, { jar: "bob", label: "an empty body" });
      for (const role of ["", "unknown", "ADMIN", " admin", "user,unknown", "constructor", "toString"]) {
        await t.sql(`update "user" set role = $1`, [role]);
        await t.post(route, body, { jar: "bob", label: `role "${role}"` });
      }
      await t.sql(`update "user" set role = null`);
      await t.post(route, body, { jar: "bob", label: "no role" });
    },

    [`admin ${action}: members of wrong types`]: async (t) => {
      await administrator(t);
      for (const member of Object.keys(body)) {
        const { [member]: _, ...rest } = body;
        await post(t, action, rest, `without ${member}`);
        for (const [name, value] of Object.entries(OF_WRONG_TYPE))
          await post(t, action, { ...body, [member]: value }, `${member} ${name}`);
      }
    },
  };
}
