import { twoFactor } from "./crossings/two-factor.mjs";
import { startPair } from "./pair.mjs";

twoFactor(startPair);
