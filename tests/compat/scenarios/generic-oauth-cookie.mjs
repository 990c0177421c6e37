// States of providers that a deployment describes itself, stored in a cookie.
import { genericCallbacks } from "../support/generic-oauth.mjs";
import { STATE_COOKIE } from "../support/social.mjs";

export const profile = "generic-cookie";

export default genericCallbacks("generic oauth, cookie", STATE_COOKIE);
