// No accounts are linked.
import { links } from "../support/links.mjs";

export const profile = "social-linking-off";

export default links("social linking off");
