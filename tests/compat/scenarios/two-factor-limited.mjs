// Rate limits of the routes for the second factor.
import { PASSWORD } from "../support/two-factor.mjs";

export const profile = "two-factor-limited";

const ROUTES = {
  enable: { password: PASSWORD },
  disable: { password: PASSWORD },
  "get-totp-uri": { password: PASSWORD },
  "generate-backup-codes": { password: PASSWORD },
  "verify-totp": { code: "123456" },
  "send-otp": {},
  "verify-otp": { code: "123456" },
  "verify-backup-code": { code: "x" },
};

export default Object.fromEntries(
  Object.entries(ROUTES).map(([route, body]) => [
    `two factor limited: ${route}`,
    async (t) => {
      for (const number of [1, 2, 3, 4]) await t.post(`/two-factor/${route}`, body, { label: `request ${number}` });
    },
  ]),
);
