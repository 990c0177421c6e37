import { cookieCaches } from "../support/cookie-caches.mjs";

export const profile = "cache-compact";

export default cookieCaches("cookie cache as compact", "compact");
