// The method of the last sign-in, with the default options and with others.
import { derived } from "./derived.mjs";

const STORED = [{ storeInDatabase: true }, { store_in_database: true }];

/** `base` that remembers the method of the last sign-in. */
export function lastLogin(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { lastLoginMethod: reference } },
    ours: { plugins: { last_login_method: ours } },
  });
}

/** The option sets that remember methods, by name. */
export function lastLoginProfiles({ core, verified, cached, secure, quiet, cookies, admin, ways, username, twoFactor, anonymous }) {
  return {
    "last-login": lastLogin(username(core)),
    "last-login-stored": lastLogin(username(core), ...STORED),
    "last-login-options": lastLogin(
      core,
      { cookieName: "how_did_i-sign.in", maxAge: 3600, storeInDatabase: true },
      { cookie_name: "how_did_i-sign.in", max_age: 3600, store_in_database: true },
    ),
    "last-login-ways": lastLogin(ways),
    "last-login-ways-stored": lastLogin(ways, ...STORED),
    "last-login-verified": lastLogin(verified, ...STORED),
    "last-login-quiet": lastLogin(quiet, ...STORED),
    "last-login-secure": lastLogin(secure),
    "last-login-cookies": lastLogin(cookies),
    "last-login-cached": lastLogin(cached, ...STORED),
    "last-login-admin": lastLogin(admin(core), ...STORED),
    "last-login-two-factor": lastLogin(twoFactor(core), ...STORED),
    "last-login-anonymous": lastLogin(anonymous(core), ...STORED),
  };
}
