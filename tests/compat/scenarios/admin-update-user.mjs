// Changes of users by administrators.
import { NO_ID, PASSWORD, administrator, both, get, idOf, person, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const update = (t, userId, data, label = JSON.stringify(data)) => post(t, "update-user", { userId, data }, label);

export default {
  ...refusals("update-user", { userId: NO_ID, data: { name: "x" } }),

  "admin update-user: names and pictures": async (t) => {
    const bob = await both(t);
    await update(t, bob, { name: "Bob B." });
    await update(t, bob, { image: "https://pictures.test/a.png" });
    await update(t, bob, { image: null });
    await update(t, bob, { name: "Bob", image: "/a.png" });
    await t.get("/get-session", { jar: "bob" });
  },

  "admin update-user: the address": async (t) => {
    const bob = await both(t);
    await update(t, bob, { email: "new@example.com" });
    await t.signIn("new", { jar: "new" });
    await t.signIn("bob", { jar: "old" });
    await update(t, bob, { emailVerified: true });
    await update(t, bob, { emailVerified: false });
  },

  "admin update-user: an address in capitals": async (t) => {
    const bob = await both(t);
    await update(t, bob, { email: "NEW@Example.com" });
    await t.signIn("new", { jar: "new" });
  },

  "admin update-user: an address that is taken": async (t) => {
    const bob = await both(t);
    await update(t, bob, { email: "root@example.com" }, "another user's");
    await update(t, bob, { email: "bob@example.com" }, "its own");
  },

  "admin update-user: an address that is invalid": async (t) => {
    const bob = await both(t);
    await update(t, bob, { email: "x" });
  },

  "admin update-user: the role": async (t) => {
    const bob = await both(t);
    await update(t, bob, { role: "admin" });
    await update(t, bob, { role: ["user", "admin"] });
    await update(t, bob, { role: "user,admin" });
    await update(t, bob, { role: ["user"], name: "Bob B." });
    await update(t, bob, { role: "" });
    await update(t, bob, { role: [] });
  },

  "admin update-user: roles of wrong types": async (t) => {
    const bob = await both(t);
    for (const role of [1, true, false, null, {}, ["user", 1], [null], [["user"]]]) await update(t, bob, { role });
  },

  "admin update-user: roles that do not exist": async (t) => {
    const bob = await both(t);
    await update(t, bob, { role: "unknown" });
    await update(t, bob, { role: ["user", "unknown"] });
  },

  "admin update-user: the caller's own role": async (t) => {
    const root = await administrator(t);
    await administrator(t, "other");
    await update(t, root, { role: "user" });
    await update(t, root, { role: "admin" });
  },

  "admin update-user: a ban": async (t) => {
    const bob = await both(t);
    await update(t, bob, { banned: true, banReason: "By data" });
    await t.get("/get-session", { jar: "bob" });
    await t.signIn("bob", { jar: "new" });
    await update(t, bob, { banned: false, banReason: null, banExpires: null });
    await t.signIn("bob", { jar: "new", label: "after the ban" });
  },

  "admin update-user: a ban of the caller": async (t) => {
    const root = await administrator(t);
    await update(t, root, { banned: true });
    await get(t, "get-user", { id: root }, "afterwards");
  },

  "admin update-user: nothing": async (t) => {
    const bob = await both(t);
    await update(t, bob, {});
    await update(t, NO_ID, {}, "an unknown user");
  },

  "admin update-user: members that are not known": async (t) => {
    const bob = await both(t);
    await update(t, bob, { favourite: "green", name: "Bob B." });
  },

  "admin update-user: only members that are not known": async (t) => {
    const bob = await both(t);
    await update(t, bob, { favourite: "green" });
    await update(t, bob, { password: "password12345" });
    await t.signIn("bob", { jar: "new", body: { password: "password12345" } });
  },

  "admin update-user: an id": async (t) => {
    const bob = await both(t);
    await update(t, bob, { id: "own-id", name: "Bob B." });
    await get(t, "list-users", { sortBy: "email" });
  },

  "admin update-user: times": async (t) => {
    const bob = await both(t);
    await update(t, bob, { createdAt: "2020-01-01T00:00:00.000Z" });
    await update(t, bob, { updatedAt: "2020-01-01T00:00:00.000Z" });
  },

  "admin update-user: members of wrong types": async (t) => {
    const bob = await both(t);
    for (const data of [
      { name: 1 },
      { name: null },
      { name: ["x"] },
      { name: { a: 1 } },
      { image: 1 },
      { email: 1 },
      { email: null },
      { emailVerified: "x" },
      { emailVerified: null },
      { banned: "x" },
      { banExpires: "x" },
      { banReason: 1 },
    ])
      await update(t, bob, data);
  },

  "admin update-user: a user that does not exist": async (t) => {
    await both(t);
    await update(t, NO_ID, { name: "x" });
    await update(t, NO_ID, { role: "user" });
    await update(t, "", { name: "x" }, "an empty id");
  },

  "admin update-user: the caller itself": async (t) => {
    const root = await administrator(t);
    await update(t, root, { name: "Root" });
    await t.get("/get-session", { jar: "root" });
  },

  "admin update-user: an empty name": async (t) => {
    const bob = await both(t);
    await update(t, bob, { name: "" });
  },

  "admin update-user: by the user itself": async (t) => {
    await both(t);
    const userId = await idOf(t, "bob");
    await t.post("/admin/update-user", { userId, data: { name: "x" } }, { jar: "bob" });
    await t.post("/admin/update-user", { userId, data: {} }, { jar: "bob", label: "nothing" });
  },

  "admin update-user: by its own route": async (t) => {
    await person(t, "bob");
    for (const [member, value] of Object.entries({
      role: "admin",
      banned: true,
      banReason: "x",
      banExpires: "2030-01-01T00:00:00.000Z",
    })) {
      await t.post("/update-user", { [member]: value }, { jar: "bob", label: member });
      await t.post("/update-user", { [member]: value, name: "B" }, { jar: "bob", label: `${member} with a name` });
    }
    await t.post("/update-user", { banned: false }, { jar: "bob", label: "banned false" });
    await t.post("/update-user", { role: "" }, { jar: "bob", label: "role empty" });
    await t.post("/update-user", { role: null }, { jar: "bob", label: "role null" });
    await t.post("/update-user", { banExpires: null, name: "C" }, { jar: "bob", label: "banExpires null, with a name" });
  },

  "admin update-user: fields at the sign-up": async (t) => {
    for (const [member, values] of Object.entries({
      role: ["admin", "user", "", null, 1, false],
      banned: [true, false, "x", null, 0],
      banReason: ["x", "", null],
      banExpires: ["2030-01-01T00:00:00.000Z", null, "x", 0],
    }))
      for (const value of values)
        await t.signUp(`${member}${values.indexOf(value)}`, {
          body: { [member]: value, password: PASSWORD },
          jar: null,
          label: `${member} ${JSON.stringify(value)}`,
        });
  },
};
