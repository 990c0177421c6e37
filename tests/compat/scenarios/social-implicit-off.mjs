// Accounts are linked only by signed-in users.
import { links } from "../support/links.mjs";

export const profile = "social-implicit-off";

export default links("social implicit off");
