import { guests } from "./crossings/guests.mjs";
import { startPair } from "./pair.mjs";

guests(startPair);
