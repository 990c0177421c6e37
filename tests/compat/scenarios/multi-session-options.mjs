// Several sessions on one device, of which few are kept.
import { activate, device, list, revoke } from "../support/multi-sessions.mjs";

export const profile = "multi-session-options";

export default {
  "multi session options: at most two": async (t) => {
    const [ada, bob, eve] = await device(t, ["ada", "bob", "eve"]);
    await list(t);
    await activate(t, eve, "one that is not kept");
    await revoke(t, ada);
    await t.signIn("eve", { label: "eve again" });
    await list(t, "there was room");
    await activate(t, bob);
  },
};
