import { jwts } from "../support/jwts.mjs";

export const profile = "jwt-ps256";

export default jwts("jwt PS256");
