import { cookieCaches } from "./crossings/cookie-caches.mjs";
import { startPair } from "./pair.mjs";

cookieCaches(startPair);
