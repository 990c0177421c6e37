import { phoneNumbers } from "./crossings/phone-numbers.mjs";
import { startPair } from "./pair.mjs";

phoneNumbers(startPair);
