// Several sessions on one device, with the session cookie cache.
import { activate, current, device, list, revoke } from "../support/multi-sessions.mjs";

export const profile = "multi-session-cached";

export default {
  "multi session cached: the cache changes with the active session": async (t) => {
    const [ada, bob] = await device(t);
    await current(t);
    await activate(t, ada);
    await current(t, "from the cache");
    await revoke(t, ada, "revoke the active one");
    await current(t, "the next one, from the cache");
    await revoke(t, bob, "the last one");
    await current(t, "nothing is left");
  },

  "multi session cached: sign-out": async (t) => {
    await device(t);
    await t.post("/sign-out");
    await list(t);
  },
};
