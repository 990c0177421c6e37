// Guests with additional fields.
import { arrive } from "../support/guests.mjs";

export const profile = "anonymous-fields";

export default {
  "anonymous fields: a guest": async (t) => {
    await arrive(t);
    await arrive(t, { label: "a guest with fields", body: { locale: "en", nickname: "Eve", internal: "x", device: "phone" } });
    await t.get("/get-session");
  },
};
