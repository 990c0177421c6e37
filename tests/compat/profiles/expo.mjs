// Expo applications, with the default options and with others.
import { derived } from "./derived.mjs";

const ORIGINS = ["myapp://", "http://localhost:5173", "https://*.example.com"];

/** `base` for an application with the scheme `myapp`. */
export function expo(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { trustedOrigins: ORIGINS, plugins: { expo: reference } },
    ours: { trusted_origins: ORIGINS, plugins: { expo: ours } },
  });
}
