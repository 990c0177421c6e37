// The scenarios of the plugins with which users sign in without a password, with all plugins enabled.
import anonymous from "./anonymous.mjs";
import emailOtpReset from "./email-otp-reset.mjs";
import emailOtpSend from "./email-otp-send.mjs";
import emailOtpSignIn from "./email-otp-sign-in.mjs";
import emailOtpVerify from "./email-otp-verify.mjs";
import lastLogin from "./last-login.mjs";
import magicLink from "./magic-link.mjs";
import magicLinkRequest from "./magic-link-request.mjs";
import multiSession from "./multi-session.mjs";
import oneTimeToken from "./one-time-token.mjs";
import passkeyManage from "./passkey-manage.mjs";
import passkeyRegister from "./passkey-register.mjs";
import passkeySignIn from "./passkey-sign-in.mjs";
import phoneCodes from "./phone-number-codes.mjs";
import phoneReset from "./phone-number-reset.mjs";
import phoneSignIn from "./phone-number-sign-in.mjs";
import phoneVerify from "./phone-number-verify.mjs";

export const profile = "full";

const PLUGINS = [
  ...[magicLink, magicLinkRequest, emailOtpSend, emailOtpSignIn, emailOtpVerify, emailOtpReset],
  ...[phoneCodes, phoneSignIn, phoneVerify, phoneReset, anonymous, lastLogin, multiSession, oneTimeToken],
  ...[passkeyRegister, passkeySignIn, passkeyManage],
];

export default Object.fromEntries(
  PLUGINS.flatMap((scenarios) => Object.entries(scenarios)).map(([name, play]) => [`${name}, with all plugins`, play]),
);
