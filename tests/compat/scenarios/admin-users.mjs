// Reading and creating users.
import { session } from "../support/guards.mjs";
import { NO_ID, PASSWORD, address, administrator, banned, both, get, person, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const CY = { email: "cy@example.com", name: "Cy", password: PASSWORD };
const create = (t, body, label) => post(t, "create-user", { ...CY, ...body }, label);
/** A user for each of the cases, with an address of its own. */
async function createAll(t, cases) {
  for (const [at, [label, body]] of Object.entries(cases).entries())
    await create(t, { email: `cy${at}@example.com`, ...body }, label);
}

export default {
  ...session("GET", `/admin/get-user?id=${NO_ID}`),
  ...refusals("create-user", { ...CY, role: "user", data: {} }),

  "admin get-user: a user": async (t) => {
    const bob = await both(t);
    await get(t, "get-user", { id: bob }, "good");
    await get(t, "get-user", { id: bob, other: "x" }, "another parameter");
    await banned(t, "bob", "1 hour");
    await get(t, "get-user", { id: bob }, "banned");
    await t.sql(`update "user" set role = null, image = 'https://pictures.test/a.png'`);
    await t.sql(`update "user" set role = 'admin' where email = $1`, [address("root")]);
    await get(t, "get-user", { id: bob }, "no role");
  },

  "admin get-user: no user": async (t) => {
    const bob = await both(t);
    await get(t, "get-user", { id: NO_ID }, "unknown");
    await get(t, "get-user", { id: "" }, "empty");
    await get(t, "get-user", {}, "none");
    await get(t, "get-user", { userId: bob }, "another name");
    await get(t, "get-user", { id: [bob, bob] }, "twice");
    await get(t, "get-user", { id: "a".repeat(5000) }, "long");
    await get(t, "get-user", { id: "' or 1=1 --" }, "not an id");
  },

  "admin get-user: without the permission": async (t) => {
    const bob = await both(t);
    await t.get(`/admin/get-user?id=${bob}`, { jar: "bob", label: "the caller itself" });
    await t.get(`/admin/get-user?id=${NO_ID}`, { jar: "bob", label: "an unknown user" });
    await t.get("/admin/get-user", { jar: "bob", label: "no id" });
    await t.get("/admin/get-user", { jar: null, label: "no id, signed out" });
    await t.post("/admin/get-user", { id: bob }, { jar: "root", label: "another method" });
  },

  "admin create-user: with a password": async (t) => {
    await administrator(t);
    await create(t, {}, "good");
    await t.signIn("cy", { jar: "cy" });
    await t.get("/get-session", { jar: "cy" });
    await t.get("/get-session", { jar: "root", label: "the administrator's session" });
  },

  "admin create-user: without a password": async (t) => {
    await administrator(t);
    await create(t, { password: undefined }, "none");
    await create(t, { email: "dan@example.com", password: "" }, "empty");
    await t.signIn("cy", { jar: "cy" });
    await t.get("/list-accounts", { jar: "root" });
  },

  "admin create-user: passwords against the rules": async (t) => {
    await administrator(t);
    await create(t, { password: "x" }, "too short");
    await create(t, { email: "dan@example.com", password: "x".repeat(129) }, "too long");
    await create(t, { email: "eve@example.com", password: "x".repeat(128) }, "long");
    await create(t, { email: "fay@example.com", password: " ".repeat(8) }, "blank");
  },

  "admin create-user: roles": async (t) => {
    await administrator(t);
    await createAll(t, {
      none: {},
      admin: { role: "admin" },
      user: { role: "user" },
      "a list": { role: ["user", "admin"] },
      "a list in a text": { role: "user,admin" },
      "an empty text": { role: "" },
      "an empty list": { role: [] },
      "in data": { data: { role: "admin" } },
      "in both": { role: "user", data: { role: "admin" } },
      "null in data": { data: { role: null } },
    });
  },

  "admin create-user: roles that do not exist": async (t) => {
    await administrator(t);
    await createAll(t, {
      unknown: { role: "unknown" },
      "unknown in a list": { role: ["user", "unknown"] },
      "unknown in data": { data: { role: "unknown" } },
    });
  },

  "admin create-user: a list of roles in data": async (t) => {
    await administrator(t);
    await create(t, { data: { role: ["user", "admin"] } });
  },

  "admin create-user: more members": async (t) => {
    await administrator(t);
    await createAll(t, {
      "no data": { data: {} },
      "a verified address": { data: { emailVerified: true } },
      "an image": { data: { image: "https://pictures.test/a.png" } },
      "another name": { data: { name: "Another" } },
      unknown: { data: { favourite: "green", __proto__: 1 } },
      "beside data": { emailVerified: true, image: "https://pictures.test/a.png", banned: true },
    });
  },

  "admin create-user: another address in data": async (t) => {
    await administrator(t);
    await create(t, { data: { email: "dan@example.com" } });
    await t.signIn("dan", { jar: "dan" });
    await t.signIn("cy", { jar: "cy" });
  },

  "admin create-user: a ban in data": async (t) => {
    await administrator(t);
    await create(t, { data: { banned: true, banReason: "From the start" } });
    await t.signIn("cy", { jar: "cy" });
  },

  "admin create-user: an id and times in data": async (t) => {
    await administrator(t);
    await create(t, { data: { id: "own-id" } }, "id");
    await create(t, { email: "dan@example.com", data: { createdAt: "2020-01-01T00:00:00.000Z" } }, "createdAt");
    await create(t, { email: "eve@example.com", data: { updatedAt: "2020-01-01T00:00:00.000Z" } }, "updatedAt");
  },

  "admin create-user: members of data of wrong types": async (t) => {
    await administrator(t);
    await createAll(t, {
      "name a number": { data: { name: 1 } },
      "name null": { data: { name: null } },
      "emailVerified a text": { data: { emailVerified: "x" } },
      "image a number": { data: { image: 1 } },
      "banExpires a text": { data: { banExpires: "x" } },
      "banned a text": { data: { banned: "x" } },
      "banReason a number": { data: { banReason: 1 } },
      "role a number": { data: { role: 1 } },
    });
  },

  "admin create-user: an address that is taken": async (t) => {
    await both(t);
    await create(t, { email: "bob@example.com" }, "as it is stored");
    await create(t, { email: "BOB@Example.com" }, "in capitals");
    await create(t, { email: "root@example.com" }, "the caller's own");
  },

  "admin create-user: an address in data that is taken": async (t) => {
    await both(t);
    await create(t, { data: { email: "bob@example.com" } });
  },

  "admin create-user: addresses": async (t) => {
    await administrator(t);
    await create(t, { email: "CY@Example.COM" }, "in capitals");
    for (const email of ["", "x", "a@b", " a@example.com", "a@example.com ", "a b@example.com", "@example.com"])
      await create(t, { email }, `address "${email}"`);
  },

  "admin create-user: names": async (t) => {
    await administrator(t);
    await create(t, { name: "" }, "empty");
    await create(t, { email: "dan@example.com", name: "Zoë 🦀 <b>" }, "any characters");
    await create(t, { email: "eve@example.com", name: "x".repeat(256) }, "256 characters");
  },

  "admin create-user: the order of checks": async (t) => {
    await both(t);
    for (const [label, body] of Object.entries({
      "an invalid address": { ...CY, email: "x" },
      "a taken address": { ...CY, email: "bob@example.com" },
      "no address": { name: "x" },
    })) {
      await t.post("/admin/create-user", body, { jar: "bob", label: `without the permission, ${label}` });
      await t.post("/admin/create-user", body, { jar: null, label: `signed out, ${label}` });
    }
  },

  "admin create-user: by bearer token": async (t) => {
    await administrator(t);
    const { headers } = await t.signIn("root", { jar: null });
    const authorization = `Bearer ${headers["set-auth-token"]}`;
    await t.post("/admin/create-user", CY, { jar: null, headers: { authorization } });
    await t.get("/admin/list-users?sortBy=email", { jar: null, headers: { authorization } });
  },

  "admin create-user: verification of the address": async (t) => {
    await administrator(t);
    await create(t, {}, "good");
    await t.post("/send-verification-email", { email: CY.email }, { jar: null });
    const { url } = await t.message(CY.email);
    await t.follow(url, { jar: "cy" });
  },

  "admin create-user: a forgotten password": async (t) => {
    await administrator(t);
    await create(t, { password: undefined }, "without a password");
    await t.post("/request-password-reset", { email: CY.email }, { jar: null });
    const { token } = await t.message(CY.email);
    await t.post("/reset-password", { token, newPassword: "password12345" }, { jar: null });
    await t.signIn("cy", { jar: "cy", body: { password: "password12345" } });
  },
};
