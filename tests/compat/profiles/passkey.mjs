// Passkeys, with the default options and with others.
import { derived } from "./derived.mjs";

/** The page of the option `origin`, and the domain of its passkeys. */
export const OTHER = { origin: "https://app.example.com", rpId: "example.com" };
/** The cookie of the option `webAuthnChallengeCookie`. */
export const OTHER_COOKIE = "better-auth.my-passkey";

/** `base` with passkeys. */
export function passkey(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { passkey: reference } },
    ours: { plugins: { passkey: ours } },
  });
}

/** `base` with another value for every option of passkeys. */
export function passkeyOptions(base) {
  const trusted = [...base.reference.trustedOrigins, OTHER.origin];
  const origins = [OTHER.origin, base.baseURL];
  return passkey(
    derived(base, { reference: { trustedOrigins: trusted }, ours: { trusted_origins: trusted } }),
    {
      rpID: OTHER.rpId,
      rpName: "Acme & Söhne",
      origin: origins,
      authenticatorSelection: {
        authenticatorAttachment: "platform",
        residentKey: "required",
        userVerification: "required",
      },
      advanced: { webAuthnChallengeCookie: "my-passkey" },
    },
    {
      rp_id: OTHER.rpId,
      rp_name: "Acme & Söhne",
      origin: origins,
      authenticator_selection: {
        authenticator_attachment: "platform",
        resident_key: "required",
        user_verification: "required",
      },
      advanced: { webauthn_challenge_cookie: "my-passkey" },
    },
  );
}

/** `base` with one origin of passkeys, and with options for authenticators that keep no user. */
export function passkeyOneOrigin(base) {
  return passkey(
    base,
    {
      origin: "http://localhost:5173",
      authenticatorSelection: { requireResidentKey: true, residentKey: "discouraged", userVerification: "discouraged" },
    },
    {
      origin: "http://localhost:5173",
      authenticator_selection: { resident_key: "discouraged", user_verification: "discouraged" },
    },
  );
}
