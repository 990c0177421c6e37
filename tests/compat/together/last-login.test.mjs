import { lastLogins } from "./crossings/guests.mjs";
import { startPair } from "./pair.mjs";

lastLogins(startPair);
