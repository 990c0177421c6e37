// Whether a user name is available.
import { requestChecks } from "../support/guards.mjs";
import { INVALID, VALID } from "../support/user-names.mjs";

export const profile = "username";

const ROUTE = "/is-username-available";

export default {
  ...requestChecks(ROUTE, { username: "ada_l" }),

  "username: available or taken": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    for (const username of ["ada_l", "Ada_L", "ADA_L", "ada_l.", "bob", ...VALID])
      await t.post(ROUTE, { username }, { jar: null, label: username });
    await t.post(ROUTE, { username: "ada_l" }, { label: "asked by its user" });
    await t.sql(`delete from "user"`);
    await t.post(ROUTE, { username: "ada_l" }, { jar: null, label: "its user is deleted" });
  },

  "username: available, invalid names": async (t) => {
    for (const [label, username] of Object.entries(INVALID)) await t.post(ROUTE, { username }, { jar: null, label });
  },

  "username: available, members of wrong types": async (t) => {
    for (const body of [{}, { username: 1 }, { username: null }, { username: [] }, { name: "ada_l" }])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },
};
