import { organization } from "./crossings/organization.mjs";
import { startPair } from "./pair.mjs";

organization(startPair);
