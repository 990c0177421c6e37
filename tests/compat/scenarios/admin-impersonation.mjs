// Impersonation.
import { session } from "../support/guards.mjs";
import {
  ADMIN_SESSION,
  NO_ID,
  PASSWORD,
  address,
  administrator,
  banned,
  both,
  get,
  idOf,
  impersonate,
  person,
  post,
  refusals,
  stop,
} from "../support/admin.mjs";
import { content, header, signed } from "../support/two-factor.mjs";

export const profile = "admin";

const SESSION = "better-auth.session_token";

/** Lets `root` become `bob`. Returns the id of `bob`. */
async function impersonating(t) {
  const bob = await both(t);
  await impersonate(t, bob);
  return bob;
}

export default {
  ...refusals("impersonate-user", { userId: NO_ID }),
  ...session("POST", "/admin/stop-impersonating"),

  "admin impersonation: from the start to the end": async (t) => {
    const bob = await impersonating(t);
    await t.get("/get-session", { jar: "root" });
    await t.get("/get-session", { jar: "bob", label: "the user's own session" });
    await stop(t);
    await t.get("/get-session", { jar: "root", label: "the administrator's session" });
    await post(t, "list-user-sessions", { userId: bob });
    await stop(t, "a second time");
  },

  "admin impersonation: an administrator that is not remembered": async (t) => {
    const bob = await both(t);
    await t.signIn("root", { jar: "root", body: { rememberMe: false } });
    await impersonate(t, bob);
    await t.get("/get-session", { jar: "root" });
    await stop(t);
    await t.get("/get-session", { jar: "root", label: "the administrator's session" });
  },

  "admin impersonation: no user": async (t) => {
    await both(t);
    await impersonate(t, NO_ID, "unknown");
    await impersonate(t, "", "an empty id");
  },

  "admin impersonation: the caller itself": async (t) => {
    const root = await administrator(t);
    await impersonate(t, root);
  },

  "admin impersonation: administrators": async (t) => {
    await administrator(t);
    for (const role of ["admin", "user,admin", "admin,user", "user, admin", "ADMIN", "administrator"])
      await impersonate(t, await administrator(t, `x${role.length}${role.slice(0, 5).replace(/\W/g, "")}`, role), role);
  },

  "admin impersonation: a user without a role": async (t) => {
    const bob = await both(t);
    await t.sql(`update "user" set role = null where id = $1`, [bob]);
    await impersonate(t, bob);
  },

  "admin impersonation: a banned user": async (t) => {
    const bob = await both(t);
    await banned(t, "bob");
    await impersonate(t, bob);
    await banned(t, "bob", "-1 hour");
    await impersonate(t, bob, "whose ban has expired");
  },

  "admin impersonation: a user whose address is not verified": async (t) => {
    const bob = await both(t);
    await t.sql(`update "user" set "emailVerified" = true where email = $1`, [address("root")]);
    await impersonate(t, bob);
  },

  "admin impersonation: its administrator's routes": async (t) => {
    const bob = await impersonating(t);
    await get(t, "list-users");
    await post(t, "ban-user", { userId: bob });
    await post(t, "has-permission", { permissions: { user: ["list"] } });
  },

  "admin impersonation: another one": async (t) => {
    await impersonating(t);
    const cy = await person(t, "cy");
    await impersonate(t, cy, "of a user without the permission");
  },

  "admin impersonation: lists of sessions": async (t) => {
    const bob = await impersonating(t);
    await t.get("/list-sessions", { jar: "root" });
    await t.get("/list-sessions", { jar: "bob", label: "the user's own list" });
    await administrator(t, "other");
    await t.post("/admin/list-user-sessions", { userId: bob }, { jar: "other" });
  },

  "admin impersonation: the user revokes its sessions": async (t) => {
    await impersonating(t);
    await t.post("/revoke-other-sessions", {}, { jar: "bob" });
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin impersonation: the user revokes all sessions": async (t) => {
    await impersonating(t);
    await t.post("/revoke-sessions", {}, { jar: "bob" });
    await t.get("/get-session", { jar: "root" });
  },

  "admin impersonation: a change of the user's name": async (t) => {
    await impersonating(t);
    await t.post("/update-user", { name: "Changed" }, { jar: "root" });
    await t.get("/get-session", { jar: "bob" });
    await stop(t);
  },

  "admin impersonation: what it may not change": async (t) => {
    await impersonating(t);
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "password12345" }, { jar: "root" });
    await t.post("/change-email", { newEmail: "new@example.com" }, { jar: "root" });
    await t.post("/delete-user", { password: PASSWORD }, { jar: "root" });
  },

  "admin impersonation: a sign-out": async (t) => {
    await impersonating(t);
    await t.post("/sign-out", {}, { jar: "root" });
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin impersonation: a session that is due": async (t) => {
    await impersonating(t);
    await t.sql(`update session set "updatedAt" = now() - interval '3 days' where "impersonatedBy" is not null`);
    await t.get("/get-session", { jar: "root" });
  },

  "admin impersonation: a session that has expired": async (t) => {
    await impersonating(t);
    await t.sql(`update session set "expiresAt" = now() - interval '1 minute' where "impersonatedBy" is not null`);
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin impersonation: its end without the cookie": async (t) => {
    await impersonating(t);
    t.jar("root").delete(ADMIN_SESSION);
    await stop(t);
  },

  "admin impersonation: its end with a wrong cookie": async (t) => {
    await impersonating(t);
    const good = t.jar("root").get(ADMIN_SESSION);
    const own = content(good);
    await t.signIn("bob", { jar: "two" });
    const others = content(t.jar("two").get(SESSION));
    for (const [label, value] of Object.entries({
      empty: "",
      unsigned: encodeURIComponent(own),
      "another signature": `${good.slice(0, -8)}AAAA%3D`,
      "an unknown token": signed(t, `${NO_ID}:`),
      "the user's own token": signed(t, `${others}:`),
      "no token": signed(t, ":"),
      nothing: signed(t, ""),
    })) {
      t.jar("root").set(ADMIN_SESSION, value);
      await stop(t, label);
    }
    t.jar("root").set(ADMIN_SESSION, signed(t, own.slice(0, -1)));
    await stop(t, "without the colon");
  },

  "admin impersonation: its end with a mark of its own": async (t) => {
    await impersonating(t);
    t.jar("root").set(ADMIN_SESSION, signed(t, `${content(t.jar("root").get(ADMIN_SESSION))}x`));
    await stop(t);
  },

  "admin impersonation: its end after the administrator's session has ended": async (t) => {
    await impersonating(t);
    await t.sql(`delete from session where "impersonatedBy" is null`);
    await stop(t);
    await t.get("/get-session", { jar: "root" });
  },

  "admin impersonation: its end after the administrator's session has expired": async (t) => {
    await impersonating(t);
    await t.sql(`update session set "expiresAt" = now() - interval '1 minute' where "impersonatedBy" is null`);
    await stop(t);
  },

  "admin impersonation: its end after the administrator is gone": async (t) => {
    await impersonating(t);
    await t.sql(`delete from "user" where email = $1`, [address("root")]);
    await stop(t);
  },

  "admin impersonation: its end by another administrator's cookie": async (t) => {
    await impersonating(t);
    await administrator(t, "other");
    const token = content(t.jar("other").get(SESSION));
    t.jar("root").set(ADMIN_SESSION, signed(t, `${token}:`));
    await stop(t);
  },

  "admin impersonation: an administrator that is banned": async (t) => {
    await impersonating(t);
    await administrator(t, "other");
    await t.post("/admin/ban-user", { userId: await idOf(t, "root") }, { jar: "other" });
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin impersonation: an administrator that is removed": async (t) => {
    await impersonating(t);
    await administrator(t, "other");
    await t.post("/admin/remove-user", { userId: await idOf(t, "root") }, { jar: "other" });
    await t.get("/get-session", { jar: "root" });
  },

  "admin impersonation: an administrator that loses the role": async (t) => {
    await impersonating(t);
    await administrator(t, "other");
    await t.post("/admin/set-role", { userId: await idOf(t, "root"), role: "user" }, { jar: "other" });
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin impersonation: its end without one": async (t) => {
    await both(t);
    await stop(t, "an administrator");
    await stop(t, "a user", "bob");
    await t.post("/admin/stop-impersonating", {}, { jar: null, label: "signed out" });
    await t.get("/admin/stop-impersonating", { jar: "root", label: "another method" });
    await t.call("POST", "/admin/stop-impersonating", { jar: "root", label: "no body" });
  },

  "admin impersonation: by bearer token": async (t) => {
    const bob = await both(t);
    const { headers } = await t.signIn("root", { jar: null });
    const authorization = `Bearer ${headers["set-auth-token"]}`;
    const started = await t.post("/admin/impersonate-user", { userId: bob }, { jar: null, headers: { authorization } });
    const other = `Bearer ${started.headers["set-auth-token"]}`;
    await t.get("/get-session", { jar: null, headers: { authorization: other } });
    await t.post("/admin/stop-impersonating", {}, { jar: null, headers: { authorization: other } });
  },

  "admin impersonation: a JWT": async (t) => {
    await impersonating(t);
    await t.get("/token", { jar: "root" });
  },

  "admin impersonation: two at once": async (t) => {
    const bob = await impersonating(t);
    const cy = await person(t, "cy");
    await t.signIn("root", { jar: "second" });
    await t.post("/admin/impersonate-user", { userId: cy }, { jar: "second" });
    await t.post("/admin/stop-impersonating", {}, { jar: "second", label: "the second ends" });
    await t.get("/get-session", { jar: "root", label: "the first" });
    await post(t, "list-user-sessions", { userId: bob }, "by the impersonated user");
  },

  "admin impersonation: a sign-in in the same browser": async (t) => {
    await impersonating(t);
    const cookies = header(t.jar("root"));
    await t.signIn("bob", { jar: "root" });
    await stop(t, "after a sign-in");
    await t.post("/admin/stop-impersonating", {}, { jar: null, headers: { cookie: cookies }, label: "with the old cookies" });
  },
};
