// Rate limits of passkeys.
import { AUTHENTICATE, AUTHENTICATED, LIST, REGISTER } from "../support/passkeys.mjs";

export const profile = "passkey-limited";

async function often(t, count, send) {
  for (let at = 1; at <= count; at += 1) await send(`request ${at}`);
}

export default {
  "passkey limits: sign-ins": (t) => often(t, 22, (label) => t.post(AUTHENTICATED, { response: { id: "x" } }, { label })),
  "passkey limits: options of sign-ins": (t) => often(t, 22, (label) => t.get(AUTHENTICATE, { jar: null, label })),
  "passkey limits: options of registrations": (t) => often(t, 22, (label) => t.get(REGISTER, { label })),
  "passkey limits: lists": (t) => often(t, 22, (label) => t.get(LIST, { label })),
};
