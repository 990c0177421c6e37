// The stored method of the last sign-in, with accounts of providers.
import { lastLogins } from "../support/last-logins.mjs";

export const profile = "last-login-ways-stored";

export default lastLogins("last login by ways, stored");
