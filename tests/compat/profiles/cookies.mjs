// Custom names and attributes of cookies.
import { derived } from "./derived.mjs";

const DOMAIN = "example.com";

/** `base` with custom cookie names and attributes, and cookies for a whole domain. */
export function cookies(base) {
  return derived(base, {
    baseURL: "https://auth.example.com",
    reference: {
      advanced: {
        useSecureCookies: true,
        cookiePrefix: "shop",
        cookies: {
          session_token: { name: "token", attributes: { sameSite: "none", partitioned: true } },
          dont_remember: { attributes: { sameSite: "strict", httpOnly: false } },
        },
        crossSubDomainCookies: { enabled: true, domain: DOMAIN },
        defaultCookieAttributes: { path: "/api" },
      },
    },
    ours: {
      advanced: {
        use_secure_cookies: true,
        cookie_prefix: "shop",
        cookies: {
          session_token: { name: "token", attributes: { same_site: "none", partitioned: true } },
          dont_remember: { attributes: { same_site: "strict", http_only: false } },
        },
        cross_sub_domain_cookies: { enabled: true, domain: DOMAIN },
        default_cookie_attributes: { path: "/api" },
      },
    },
  });
}
