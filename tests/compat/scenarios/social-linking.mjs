// Accounts of trusted providers and with other addresses are linked, and set names.
import { links } from "../support/links.mjs";

export const profile = "social-linking";

export default links("social linking");
