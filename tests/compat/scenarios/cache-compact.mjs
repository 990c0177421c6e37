import { copies } from "../support/copies.mjs";

export const profile = "cache-compact";

export default copies("cookie cache as compact", "compact");
