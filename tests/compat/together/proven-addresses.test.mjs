import { provenAddresses } from "./crossings/proven-addresses.mjs";
import { startPair } from "./pair.mjs";

provenAddresses(startPair, "shared-proven");
