// Steps of scenarios for one-time tokens that hand sessions over.
export const GENERATE = "/one-time-token/generate";
export const VERIFY = "/one-time-token/verify";

/** Returns a token for the session of a jar. */
export async function generate(t, options = {}) {
  return (await t.get(GENERATE, { label: "generate", ...options })).json().token;
}

/** Verifies a token, in the jar `other` unless the options name one. */
export function verify(t, token, label = "verify", options = {}) {
  return t.post(VERIFY, { token }, { jar: "other", label, ...options });
}

/** The token in the header of a response. */
export const inHeader = ({ headers }) => headers["set-ott"];
