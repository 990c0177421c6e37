import { requestChecks, session } from "../support/guards.mjs";

const ROUTE = "/update-user";

export default {
  ...requestChecks(ROUTE, { name: "Ada" }),
  ...session("POST", ROUTE, { name: "Ada" }),

  "update user: good": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { name: "Ada Lovelace" });
    await t.post(ROUTE, { image: "https://example.com/a.png" });
    await t.get("/get-session");
    await t.post(ROUTE, { name: "Ada", image: null });
    await t.post(ROUTE, { name: "Ada", image: null }, { label: "the same" });
    await t.get("/get-session");
  },

  "update user: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(ROUTE, { name: "Ada Lovelace" });
  },

  "update user: the remaining lifetime of the cookie": async (t) => {
    await t.signUp();
    await t.age("12 hours");
    await t.post(ROUTE, { name: "Ada Lovelace" });
  },

  "update user: valid names and pictures": async (t) => {
    await t.signUp();
    for (const name of ["", " ", "日本", "<b>", "2020-01-01T00:00:00Z", "x".repeat(256)])
      await t.post(ROUTE, { name }, { label: `name ${name.slice(0, 30)}` });
    for (const image of ["", "/a.png", "a.png", "https://example.com/ä.png"])
      await t.post(ROUTE, { image }, { label: `image ${image}` });
    await t.get("/get-session");
  },

  "update user: names and pictures of wrong types": async (t) => {
    await t.signUp();
    for (const [key, value] of [
      ["name", 1],
      ["name", true],
      ["name", []],
      ["name", ["a"]],
      ["name", {}],
      ["name", null],
      ["image", 1],
      ["image", true],
      ["image", []],
      ["image", {}],
    ]) {
      await t.post(ROUTE, { [key]: value }, { label: `${key} ${JSON.stringify(value)}` });
      await t.sql(`update "user" set name = 'ada', image = null`);
    }
  },

  "update user: nothing to update": async (t) => {
    await t.signUp();
    for (const body of [
      {},
      { unknown: 1 },
      { emailVerified: true, id: "x", role: "admin" },
      { createdAt: "2020-01-01" },
    ])
      await t.post(ROUTE, body, { label: JSON.stringify(body) });
    await t.post(
      ROUTE,
      { name: "Eve", id: "x", emailVerified: true, createdAt: "2020-01-01" },
      { label: "and a name" },
    );
  },

  "update user: an address": async (t) => {
    await t.signUp();
    for (const email of ["eve@example.com", "", null, false, 1, {}])
      await t.post(ROUTE, { email }, { label: `email ${JSON.stringify(email)}` });
    await t.post(ROUTE, { name: "Eve", email: "eve@example.com" }, { label: "with a name" });
    await t.post(ROUTE, { name: "Eve", email: "" }, { label: "an empty one, with a name" });
  },
};
