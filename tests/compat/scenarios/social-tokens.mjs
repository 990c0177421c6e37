import { requestChecks, session } from "../support/guards.mjs";
import { tokens } from "../support/provider-accounts.mjs";

export const profile = "social";

const ROUTES = ["/get-access-token", "/refresh-token"];
const BODY = { providerId: "google" };
const WRONG = { providerId: [undefined, null, 1, []], accountId: [null, 1, []], userId: [null, 1, []] };

export default {
  ...Object.assign({}, ...ROUTES.map((route) => ({ ...requestChecks(route, BODY), ...session("POST", route, BODY) }))),
  ...session("GET", "/account-info"),
  ...tokens("social tokens"),

  "social tokens: members of wrong types": async (t) => {
    await t.signUp();
    for (const route of ROUTES) {
      for (const [name, values] of Object.entries(WRONG))
        for (const value of values)
          await t.post(route, { ...BODY, [name]: value }, { label: `${route}: ${name} ${JSON.stringify(value)}` });
      await t.post(route, {}, { jar: null, label: `${route}: without a session` });
    }
  },

  "social tokens: methods of the information": async (t) => {
    await t.signUp();
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, "/account-info");
    for (const origin of ["https://evil.test", null])
      await t.get("/account-info", { headers: { origin }, label: `from ${origin}` });
  },
};
