import { copies } from "../support/copies.mjs";

export const profile = "cache-jwe";

export default copies("copy as jwe", "jwe");
