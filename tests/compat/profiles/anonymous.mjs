// Guests, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with guests. */
export function anonymous(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { anonymous: reference } },
    ours: { plugins: { anonymous: ours } },
  });
}

/** `base` with another value for every option of guests that has a counterpart. */
export function anonymousOptions(base) {
  return anonymous(
    base,
    { emailDomainName: "Guests.example.com", generateName: () => "Guest 🦀", disableDeleteAnonymousUser: true },
    { email_domain_name: "Guests.example.com", name: "Guest 🦀", disable_delete_anonymous_user: true },
  );
}

/** The option sets with guests, by name. */
export function anonymousProfiles({ core, verified, cached, limited, secure, closed, admin, fields, organization, ways, twoFactor }) {
  return {
    anonymous: anonymous(core),
    "anonymous-options": anonymousOptions(core),
    "anonymous-ways": anonymous(ways),
    "anonymous-verified": anonymous(verified),
    "anonymous-cached": anonymous(cached),
    "anonymous-limited": anonymous(limited),
    "anonymous-secure": anonymous(secure),
    "anonymous-closed": anonymous(closed),
    "anonymous-admin": anonymous(admin(core)),
    "anonymous-fields": anonymous(fields(cached)),
    "anonymous-organization": anonymous(organization(core)),
    "anonymous-two-factor": anonymous(twoFactor(core)),
  };
}
