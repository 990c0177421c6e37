// The account of a sign-in is stored in a cookie, beside a session cookie cache.
import { accountCookies } from "../support/account-cookies.mjs";

export const profile = "social-account-cookie";

export default accountCookies("social account cookie");
