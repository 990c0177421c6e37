// The services of providers, in the form in which each provider describes a user. A place is a host and a path.
//
// `authorize` and `token` are the places of the flow, and `keys` is that of the key set. `issuer` is the issuer of id
// tokens; a service without it issues none. `documents` are the places that describe a user to the bearer of an access
// token. `userInfo` is the place that Portcullis's `endpoints.user_info` replaces, if it is not the first of these.

import { services as firstHalf } from "./services/apple-to-kick.mjs";
import { services as secondHalf } from "./services/line-to-zoom.mjs";
import { openId, standard } from "./services/shapes.mjs";

/** The built-in providers. */
export const builtIn = { ...firstHalf, ...secondHalf };

/** The built-in providers, and those that a deployment describes itself. */
export const services = {
  ...builtIn,
  "idp.test": {
    authorize: "idp.test/authorize",
    token: "idp.test/token",
    keys: "idp.test/keys",
    discovery: "idp.test/discovery",
    issuer: "https://idp.test",
    documents: { "idp.test/userinfo": openId },
  },
  "plain.test": standard("plain.test", { authorize: "/authorize", token: "/token", user: "/userinfo" }),
  "nowhere.test": { discovery: "nowhere.test/discovery" },
};
