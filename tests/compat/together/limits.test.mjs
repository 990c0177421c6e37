import { limits } from "./crossings/limits.mjs";
import { startPair } from "./pair.mjs";

limits(startPair);
