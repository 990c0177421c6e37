import { fields } from "./crossings/fields.mjs";
import { startPair } from "./pair.mjs";

fields(startPair);
