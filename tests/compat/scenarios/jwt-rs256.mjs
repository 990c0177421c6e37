import { jwts } from "../support/jwts.mjs";

export const profile = "jwt-rs256";

export default jwts("jwt RS256");
