// User names, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with user names. */
export function username(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { username: reference } },
    ours: { plugins: { username: ours } },
  });
}

/** `base` with user names of other lengths, which are case-sensitive. */
export function usernameOptions(base) {
  return username(
    base,
    { minUsernameLength: 5, maxUsernameLength: 10, usernameNormalization: false },
    { min_username_length: 5, max_username_length: 10, username_normalization: false },
  );
}
