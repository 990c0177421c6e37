import { jwts } from "../support/jwts.mjs";

export const profile = "jwt-es256";

export default jwts("jwt ES256");
