import { admin } from "./crossings/admin.mjs";
import { startPair } from "./pair.mjs";

admin(startPair);
