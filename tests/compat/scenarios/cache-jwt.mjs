import { cookieCaches } from "../support/cookie-caches.mjs";

export const profile = "cache-jwt";

export default cookieCaches("cookie cache as jwt", "jwt");
