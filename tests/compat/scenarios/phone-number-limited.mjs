// Rate limits of the routes for phone numbers.
import { NUMBER } from "../support/phones.mjs";

export const profile = "phone-number-limited";

const ROUTES = {
  "/phone-number/send-otp": { phoneNumber: NUMBER },
  "/phone-number/verify": { phoneNumber: NUMBER, code: "1" },
  "/phone-number/request-password-reset": { phoneNumber: NUMBER },
  "/phone-number/reset-password": { phoneNumber: NUMBER, otp: "1", newPassword: "password5678" },
};

export default {
  ...Object.fromEntries(
    Object.entries(ROUTES).map(([route, body]) => [
      `phone: the limit of ${route}`,
      async (t) => {
        for (let number = 1; number <= 11; number += 1) await t.post(route, body, { label: `request ${number}` });
      },
    ]),
  ),

  "phone: the limit of a sign-in": async (t) => {
    const body = { phoneNumber: NUMBER, password: "password1234" };
    for (const number of [1, 2, 3, 4]) await t.post("/sign-in/phone-number", body, { label: `request ${number}` });
  },
};
