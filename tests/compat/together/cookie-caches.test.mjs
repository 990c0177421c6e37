import { copies } from "./crossings/copies.mjs";
import { startPair } from "./pair.mjs";

copies(startPair);
