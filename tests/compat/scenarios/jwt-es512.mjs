import { jwts } from "../support/jwts.mjs";

export const profile = "jwt-es512";

export default jwts("jwt ES512");
