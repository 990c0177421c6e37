import { busy } from "./crossings/busy.mjs";
import { startPair } from "./pair.mjs";

busy(startPair);
