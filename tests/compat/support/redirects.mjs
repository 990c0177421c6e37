// Trusted and untrusted redirect URLs, in profiles that trust http://localhost:5173 and https://*.example.com.

export const TRUSTED = [
  "/",
  "/a",
  "/a?b=c",
  "/a?b=c&d=%20&error=x&token=y",
  "/a/b-c_d.e+f@g",
  "/a/../b",
  "http://localhost:3000",
  "http://localhost:3000/x?y=z#fragment",
  "http://localhost:5173/x?y=%20z",
  "https://a.b.example.com/x",
  "HTTPS://A.EXAMPLE.COM/X",
];

export const FOREIGN = [
  "https://evil.test",
  "//evil.test",
  "/\\evil.test",
  "\\\\evil.test",
  "/%2f/evil.test",
  "/%5cevil.test",
  "/\t/evil.test",
  "https:evil.test",
  "https:/evil.test",
  "javascript:alert(1)",
  "data:,x",
  "http://localhost:3000@evil.test",
  "http://localhost:3000.evil.test",
  "http://localhost:30000",
  "https://example.com",
  "http://a.example.com",
  "https://a.example.com:8443",
  "https://a.example.com.evil.test",
  "https://evil.test/.example.com",
  "https://evil.test?.example.com",
  "/a b",
  "/ä",
  "/a#b",
  "/a\r\nx:y",
  "a",
  "?a",
];

/** The name of a step that redirects to `place`. */
export function to(place) {
  return `to ${JSON.stringify(place)}`;
}

/** For a route that redirects to `callbackURL`. `link(t)` creates a user and returns the route without that. */
export function redirects(name, link) {
  const asked = (path, place) => `${path}${path.includes("?") ? "&" : "?"}callbackURL=${encodeURIComponent(place)}`;
  return {
    [`${name}: trusted redirects`]: async (t) => {
      for (const place of TRUSTED) await t.get(asked(await link(t), place), { label: to(place) });
    },

    [`${name}: untrusted redirects`]: async (t) => {
      const path = await link(t);
      for (const place of FOREIGN) await t.get(asked(path, place), { label: to(place) });
      await t.get(`${asked(path, "/a")}&callbackURL=${encodeURIComponent("https://evil.test")}`, { label: "twice" });
      await t.get(`${path}${path.includes("?") ? "&" : "?"}callbackURL=%252f%252fevil.test`, { label: "encoded twice" });
    },
  };
}
