// Simulated services that both servers ask during a request: those of captchas, and the list of compromised passwords.

/** The places at which captchas are assessed, by provider. */
export const CAPTCHAS = {
  "cloudflare-turnstile": "challenges.cloudflare.com/turnstile/v0/siteverify",
  "google-recaptcha": "www.google.com/recaptcha/api/siteverify",
  hcaptcha: "api.hcaptcha.com/siteverify",
  captchafox: "api.captchafox.com/siteverify",
};
/** The place of the list, before the first five digits of a hash. */
export const RANGES = "api.pwnedpasswords.com/range/";
/** A password that attackers know. */
export const KNOWN = "compromised-9";
const LISTS = {
  "5992F": "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\nB35B6ED233CE21CE67433EBC81B5C70EE46E:1\r\n35B6ED233CE21CE67433EBC81B5C70EE46E:42\r\n",
};
/** A line that pads an answer. */
const PADDING = "0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n";
const TEXT_TYPE = { "content-type": "text/plain" };

/** The answer of one of these services to a request, or undefined if the place is none of them. */
export function checked(place, text) {
  if (place.startsWith(RANGES)) return { headers: TEXT_TYPE, body: LISTS[place.slice(RANGES.length)] ?? PADDING };
  if (!Object.values(CAPTCHAS).includes(place)) return undefined;
  const response = text.startsWith("{") ? JSON.parse(text).response : new URLSearchParams(text).get("response");
  return { body: assessed(response) };
}

/** A challenge is solved if its text begins with `solved`. The rest is JSON with more members. */
function assessed(response) {
  if (!response.startsWith("solved")) return { success: false, "error-codes": ["invalid-input-response"] };
  return { success: true, ...JSON.parse(response.slice("solved".length) || "{}") };
}
