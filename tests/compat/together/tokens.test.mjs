import { tokens } from "./crossings/tokens.mjs";
import { startPair } from "./pair.mjs";

tokens(startPair);
