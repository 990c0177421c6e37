// Steps of scenarios for guests.

export const ROUTE = "/sign-in/anonymous";
export const DELETE = "/delete-anonymous-user";

/** Signs a guest in; returns the guest, if there is one. */
export async function arrive(t, { label = "a guest", ...options } = {}) {
  const { status, json } = await t.call("POST", ROUTE, { label, ...options });
  return status === 200 ? json().user : undefined;
}

/** Names the users that are left, in the order of their sign-ups. */
export async function remaining(t, label = "who is left") {
  const rows = await t.sql(`select name, "isAnonymous" from "user" order by "createdAt"`);
  t.steps.push({ step: label, users: rows.map(({ name, isAnonymous }) => `${name}${isAnonymous ? ", a guest" : ""}`) });
}
