// The account of a sign-in is stored in a cookie, with encrypted tokens.
import { accountCookies } from "../support/account-cookies.mjs";

export const profile = "social-account-cookie-encrypted";

export default accountCookies("social account cookie, encrypted");
