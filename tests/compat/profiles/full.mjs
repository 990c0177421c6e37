// All plugins together.
import { admin } from "./admin.mjs";
import { anonymous } from "./anonymous.mjs";
import { apiKeySession } from "./api-key.mjs";
import { emailOtp } from "./email-otp.mjs";
import { lastLogin } from "./last-login.mjs";
import { magicLink } from "./magic-link.mjs";
import { multiSession } from "./multi-session.mjs";
import { oneTimeToken } from "./one-time-token.mjs";
import { organization } from "./organization.mjs";
import { passkey } from "./passkey.mjs";
import { phoneNumber } from "./phone-number.mjs";
import { twoFactor } from "./two-factor.mjs";
import { username } from "./username.mjs";

/** The plugins in the order of Better Auth's list, in which its hooks run. */
const PLUGINS = [
  username,
  twoFactor,
  admin,
  organization,
  apiKeySession,
  magicLink,
  emailOtp,
  phoneNumber,
  anonymous,
  multiSession,
  (base) => oneTimeToken(base, { setOttHeaderOnNewSession: true }, { set_ott_header_on_new_session: true }),
  lastLogin,
  passkey,
];

/** `base` with every plugin. */
export function full(base) {
  return PLUGINS.reduce((options, plugin) => plugin(options), base);
}
