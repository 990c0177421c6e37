// Several sessions on one device, with cookies for encrypted connections.
import { LIST, activate, current, device, list, revoke } from "../support/multi-sessions.mjs";

export const profile = "multi-session-secure";

export default {
  "multi session secure: names of cookies": async (t) => {
    const [ada] = await device(t);
    await list(t);
    await activate(t, ada);
    await current(t);
    await revoke(t, ada);
    await t.post("/sign-out");
    await t.get(LIST, { label: "nothing is left" });
  },
};
