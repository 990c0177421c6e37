// Several sessions on one device, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with several sessions on one device. */
export function multiSession(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { multiSession: reference } },
    ours: { plugins: { multi_session: ours } },
  });
}

/** `base` with at most two sessions on one device. */
export function multiSessionOptions(base) {
  return multiSession(base, { maximumSessions: 2 }, { maximum_sessions: 2 });
}
