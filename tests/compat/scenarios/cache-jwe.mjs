import { cookieCaches } from "../support/cookie-caches.mjs";

export const profile = "cache-jwe";

export default cookieCaches("cookie cache as jwe", "jwe");
