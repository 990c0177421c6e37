// New passwords that attackers know, wherever a user sets one.
import { KNOWN, RANGES } from "../support/check-services.mjs";

export const profile = "have-i-been-pwned";

const PASSWORD = "password1234";
const ADA = { name: "Ada", email: "ada@example.com" };
const place = `${RANGES}E6B6A`;

async function resetToken(t) {
  await t.post("/request-password-reset", { email: ADA.email, redirectTo: "/new" });
  return (await t.message(ADA.email)).token;
}

export default {
  "pwned: sign-up": async (t) => {
    await t.post("/sign-up/email", { ...ADA, password: KNOWN });
    await t.post("/sign-up/email", { ...ADA, password: KNOWN.toUpperCase() }, { label: "in capitals" });
    await t.post("/sign-up/email", { ...ADA, password: PASSWORD }, { jar: "b", label: "the address was free" });
    await t.post("/sign-up/email", { ...ADA, password: KNOWN }, { label: "the address is taken" });
    await t.post("/sign-up/email", { ...ADA, password: "short" }, { label: "short" });
    await t.post("/sign-up/email", { ...ADA, password: "x".repeat(129) }, { label: "long" });
    await t.post("/sign-up/email", { name: "Ada", email: "a", password: KNOWN }, { label: "no address" });
  },

  "pwned: change of the password": async (t) => {
    await t.signUp("ada");
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: KNOWN });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "short" }, { label: "short" });
    const wrong = { currentPassword: "wrong password", newPassword: "password5678" };
    await t.post("/change-password", wrong, { label: "a wrong password" });
    await t.post("/change-password", { ...wrong, newPassword: KNOWN }, { label: "a wrong and a known password" });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "password5678" }, { label: "unknown" });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: KNOWN }, { jar: null, label: "signed out" });
  },

  "pwned: reset of the password": async (t) => {
    await t.signUp("ada");
    const token = await resetToken(t);
    await t.post("/reset-password", { token: "unknown", newPassword: KNOWN }, { label: "an unknown token" });
    await t.post("/reset-password", { token, newPassword: KNOWN });
    await t.post("/reset-password", { token, newPassword: "password5678" }, { label: "unknown" });
    await t.signIn("ada", { jar: "b", body: { password: "password5678" } });
  },

  "pwned: only new passwords": async (t) => {
    await t.signUp("ada");
    await t.signIn("ada", { jar: "b" });
    await t.post("/sign-in/email", { email: ADA.email, password: KNOWN }, { jar: "c" });
    await t.post("/verify-password", { password: KNOWN });
  },

  "pwned: the list misbehaves": async (t) => {
    const body = { ...ADA, password: PASSWORD };
    for (const [label, change] of Object.entries({
      silent: () => null,
      unavailable: (answer) => ({ ...answer, status: 503 }),
      "too many requests": (answer) => ({ ...answer, status: 429 }),
    })) {
      t.provider.change(place, change);
      await t.post("/sign-up/email", body, { label });
    }
    t.provider.change(place, (answer) => ({ ...answer, body: "no list" }));
    await t.post("/sign-up/email", body, { label: "no list" });
  },
};
