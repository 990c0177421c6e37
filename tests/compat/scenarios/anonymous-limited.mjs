// Rate limits of guests.
import { DELETE, ROUTE } from "../support/guests.mjs";

export const profile = "anonymous-limited";

export default {
  "anonymous limits: sign-ins": async (t) => {
    for (let at = 1; at <= 5; at += 1) await t.post(ROUTE, {}, { jar: null, label: `request ${at}` });
  },

  "anonymous limits: deletions": async (t) => {
    for (let at = 1; at <= 22; at += 1) await t.post(DELETE, {}, { jar: null, label: `request ${at}` });
  },
};
