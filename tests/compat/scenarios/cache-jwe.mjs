import { copies } from "../support/copies.mjs";

export const profile = "cache-jwe";

export default copies("cookie cache as jwe", "jwe");
