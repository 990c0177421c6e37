// Rate limits of the routes for codes.
import { ADA } from "../support/proven-addresses.mjs";

export const profile = "email-otp-limited";

const ROUTES = {
  "/email-otp/send-verification-otp": { email: ADA, type: "sign-in" },
  "/email-otp/check-verification-otp": { email: ADA, type: "sign-in", otp: "1" },
  "/email-otp/verify-email": { email: ADA, otp: "1" },
  "/sign-in/email-otp": { email: ADA, otp: "1" },
  "/email-otp/request-password-reset": { email: ADA },
  "/email-otp/reset-password": { email: ADA, otp: "1", password: "password5678" },
  "/forget-password/email-otp": { email: ADA },
};

export default Object.fromEntries(
  Object.entries(ROUTES).map(([route, body]) => [
    `email otp: the limit of ${route}`,
    async (t) => {
      for (const number of [1, 2, 3, 4]) await t.post(route, body, { label: `request ${number}` });
    },
  ]),
);
