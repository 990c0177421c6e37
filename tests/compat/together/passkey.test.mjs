import { passkeys } from "./crossings/passkeys.mjs";
import { startPair } from "./pair.mjs";

passkeys(startPair);
