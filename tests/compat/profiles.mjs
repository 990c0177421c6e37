// The option sets under which both servers are started, each told twice: to the reference in its own words, and
// to ours by environment. Both get the profile's base URL and one secret, and are in production unless `mode` says
// otherwise.
const plain = {
  baseURL: "http://localhost:3000",
  reference: {
    trustedOrigins: ["http://localhost:5173", "https://*.example.com"],
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
  },
  ours: {
    PORTCULLIS_TRUSTED_ORIGINS: "http://localhost:5173,https://*.example.com",
    PORTCULLIS_RATE_LIMIT__ENABLED: "false",
    PORTCULLIS_ADVANCED__USE_SECURE_COOKIES: "false",
  },
};

const ORIGINS = [
  "http://localhost:*",
  "https://?.example.com",
  "*.example.org",
  "https://app.test:8443",
  "myapp://",
  "myapp-two://host",
  "exp://10.0.0.*:*/**",
];

/** By name: `baseURL`, the reference's options, our environment. */
export const profiles = {
  plain,

  secure: {
    baseURL: "https://auth.example.com",
    reference: plain.reference,
    ours: { ...plain.ours, PORTCULLIS_ADVANCED__USE_SECURE_COOKIES: "true" },
  },

  "short-lived": {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, session: { expiresIn: 7200, updateAge: 0 } },
    ours: { ...plain.ours, PORTCULLIS_SESSION__EXPIRES_IN: "7200", PORTCULLIS_SESSION__UPDATE_AGE: "0" },
  },

  closed: {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, emailAndPassword: { enabled: true, disableSignUp: true } },
    ours: { ...plain.ours, PORTCULLIS_EMAIL_AND_PASSWORD__DISABLE_SIGN_UP: "true" },
  },

  "without-passwords": {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, emailAndPassword: { enabled: false } },
    ours: { ...plain.ours, PORTCULLIS_EMAIL_AND_PASSWORD__ENABLED: "false" },
  },

  development: { ...plain, mode: "development" },

  origins: {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, trustedOrigins: ORIGINS },
    ours: { ...plain.ours, PORTCULLIS_TRUSTED_ORIGINS: ORIGINS.join(",") },
  },

  limited: {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, rateLimit: { enabled: true, window: 10, max: 20 } },
    ours: {
      ...plain.ours,
      PORTCULLIS_RATE_LIMIT__ENABLED: "true",
      PORTCULLIS_RATE_LIMIT__WINDOW: "10",
      PORTCULLIS_RATE_LIMIT__MAX: "20",
    },
  },

  shared: {
    baseURL: plain.baseURL,
    reference: plain.reference,
    ours: { ...plain.ours, PORTCULLIS_COMPATIBILITY__SHARED_DATABASE: "true" },
  },

  plugins: {
    baseURL: plain.baseURL,
    reference: { ...plain.reference, plugins: ["jwt", "admin", "twoFactor", "organization"] },
    ours: { ...plain.ours, PORTCULLIS_COMPATIBILITY__SHARED_DATABASE: "true" },
  },
};
