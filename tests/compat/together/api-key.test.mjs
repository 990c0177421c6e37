import { apiKeys } from "./crossings/api-keys.mjs";
import { startPair } from "./pair.mjs";

apiKeys(startPair);
