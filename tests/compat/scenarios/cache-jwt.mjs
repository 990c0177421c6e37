import { copies } from "../support/copies.mjs";

export const profile = "cache-jwt";

export default copies("cookie cache as jwt", "jwt");
