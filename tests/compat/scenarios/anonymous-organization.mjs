// Guests and organizations.
import { arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-organization";

export default {
  "anonymous and organization: a guest who owns one deletes the account": async (t) => {
    await arrive(t);
    await t.post("/organization/create", { name: "Acme", slug: "acme" });
    await t.get("/organization/list");
    await t.post("/delete-anonymous-user");
    await remaining(t);
  },

  "anonymous and organization: a guest who owns one signs in": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await arrive(t);
    await t.post("/organization/create", { name: "Acme", slug: "acme" });
    await t.signIn();
    await t.get("/organization/list");
    await remaining(t);
  },
};
