import { copies } from "../support/copies.mjs";

export const profile = "cache-compact";

export default copies("copy as compact", "compact");
