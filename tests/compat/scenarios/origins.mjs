// All kinds of patterns for trusted origins.
export const profile = "origins";

const URLS = [
  "http://localhost:1",
  "http://localhost",
  "http://localhost:1/a?b#c",
  "https://localhost:1",
  "https://a.example.com",
  "https://ab.example.com",
  "https://a.example.com:8443",
  "http://a.example.com",
  "https://a.example.org",
  "http://a.b.example.org/x",
  "https://example.org",
  "https://a.example.org:8443",
  "https://app.test:8443/x",
  "https://app.test",
  "https://app.test:443",
  "myapp://",
  "myapp://x/y",
  "myapp:x",
  "my://x",
  "myapp-two://host",
  "myapp-two://host/x?y",
  "exp://10.0.0.1:8081/--/x",
  "exp://10.0.1.1:8081/x",
  "exp://10.0.0.1/x",
  "dev://10.0.0.29:8081/--/",
  "dev://10.0.0.29:8081/--/dash",
  "dev://10.0.1.29:8081/--/",
  "any://10.0.0.29:8081",
  "any://10.0.0.29:8081/--/",
  "any://10.0.0.29:8081/--/dash",
  "one://callback",
  "one://callback/x",
  "one://10.0.0.29:8081/--/dash",
  "file:///android_asset/index.html",
  "file:///etc/passwd",
  "https://evil.test/.example.org",
  "https://evil.test?.example.org",
  "https://evil.test#.example.org",
  "https://evil.test\\.example.org",
  "https://evil.test@a.example.org",
  "https://a.example.org@evil.test",
  "https://a.example.org.evil.test",
  "https:a.example.org",
  "https:/a.example.org",
  "https:///a.example.org",
  "//a.example.org",
  "a.example.org",
  "https://ａ.example.org",
  "https://ä.example.org",
  "HTTPS://A.EXAMPLE.ORG",
  "https://a.example.org.",
  "https://a..example.org",
  "https://a.example.org:x",
];
const SCHEMES = [
  "javascript://a.example.org/%0aalert(1)",
  "data://a.example.org",
  "file://a.example.org/x",
  "ftp://a.example.org",
];
const EXPO = ["exp://10.0.0.1:8081", "exp://10.0.0.1:8081/", "exp://10.0.0.1:8081?a"];

const redirectTo = async (t, urls) => {
  for (const callbackURL of urls)
    await t.post("/sign-out", { callbackURL }, { jar: null, label: `to ${callbackURL}` });
};

const requestFrom = async (t, urls) => {
  await t.signUp();
  const origins = urls.filter((url) => /^[\x21-\x7e]+$/.test(url));
  for (const origin of origins)
    await t.post("/revoke-other-sessions", {}, { headers: { origin }, label: `from ${origin}` });
};

export default {
  "origins: redirects": (t) => redirectTo(t, URLS),
  "origins: of a request": (t) => requestFrom(t, URLS),

  "origins: a development server of Expo": async (t) => {
    await redirectTo(t, EXPO);
    await requestFrom(t, EXPO);
  },

  "origins: a scheme in capitals": async (t) => {
    await redirectTo(t, ["MYAPP://x"]);
    await requestFrom(t, ["MYAPP://x"]);
  },

  "origins: schemes for a pattern without a scheme": async (t) => {
    await redirectTo(t, SCHEMES);
    await requestFrom(t, SCHEMES);
  },

  "origins: urls that browsers reject": (t) =>
    redirectTo(t, ["https://%.example.com", "https://[.example.com", "https://^.example.com", "https://<.example.com"]),

  "origins: a wildcard beyond its part": (t) =>
    redirectTo(t, ["exp://10.0.0.1?:8081/x", "exp://10.0.0.x@evil.test:1/x", "exp://10.0.0.evil.test:1:2/x"]),

  "origins: the host of a custom scheme": (t) =>
    redirectTo(t, ["myapp-two://host.evil.test", "myapp-two://hostess", "myapp-two://host@evil.test"]),
};
