import { links } from "./crossings/links.mjs";
import { startPair } from "./pair.mjs";

links(startPair);
