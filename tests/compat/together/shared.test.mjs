import { shared } from "./crossings/shared.mjs";
import { startPair } from "./pair.mjs";

shared(startPair);
