// Expo applications: their origin, cookies by deep link, and the authorization proxy.
export const profile = "expo";

const ADA = "ada@example.com";
const GOOGLE = "https://accounts.google.com/o/oauth2/v2/auth?client_id=a&state=";

/** Signs a user up, and returns the token of the verification link. */
async function verification(t, name = "ada") {
  await t.signUp(name, { jar: null });
  return (await t.message(`${name}@example.com`)).token;
}

/** Follows a verification link in a browser, with this callback. */
async function follow(t, token, callback, options) {
  const query = new URLSearchParams({ token, callbackURL: callback });
  await t.get(`/verify-email?${query}`, { jar: "browser", label: callback, ...options });
}

async function proxy(t, url, label = url) {
  await t.get(`/expo-authorization-proxy?${new URLSearchParams({ authorizationURL: url })}`, { label });
}

export default {
  "expo: the origin of an application": async (t) => {
    const token = await verification(t);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    for (const [label, headers] of Object.entries({
      "its own": { origin: null, "expo-origin": "myapp://" },
      "another's": { origin: null, "expo-origin": "evil://" },
      "a browser's first": { origin: "https://evil.test", "expo-origin": "myapp://" },
      "a trusted browser's first": { "expo-origin": "evil://" },
      "Expo Go in production": { origin: null, "expo-origin": "exp://10.0.0.7:8081" },
    }))
      await t.post("/update-user", { name: "A" }, { headers, label });
  },

  "expo: an application as the target": async (t) => {
    await follow(t, await verification(t), "myapp://home?tab=1");
    await t.get("/get-session", { jar: "browser" });
  },

  "expo: an application with a path and a fragment": async (t) =>
    follow(t, await verification(t), "myapp:///home/x?a=%20b&cookie=old&c=d#e"),

  "expo: pages as targets": async (t) => {
    await follow(t, await verification(t), "/home");
    await follow(t, await verification(t, "bob"), "http://localhost:5173/home", { jar: "bob" });
    await follow(t, await verification(t, "eve"), "https://app.example.com/home", { jar: "eve" });
  },

  "expo: targets that are not trusted": async (t) => {
    const token = await verification(t);
    for (const target of ["evil://home", "https://evil.test", "exp://10.0.0.7:8081"]) await follow(t, token, target);
  },

  "expo: a rejected link": async (t) => follow(t, "forged", "myapp://home"),

  "expo: other redirects": async (t) => {
    await t.get(`/verify-email?token=${await verification(t)}`, { label: "follow" });
    await t.post("/request-password-reset", { email: ADA, redirectTo: "myapp://reset" });
    await t.follow((await t.message(ADA)).url, { label: "reset" });
  },

  "expo: the authorization proxy": async (t) => {
    await proxy(t, `${GOOGLE}abc-123`);
  },

  "expo: the authorization proxy, unusual requests": async (t) => {
    await t.get("/expo-authorization-proxy", { label: "no URL" });
    await proxy(t, "", "an empty URL");
    await proxy(t, "https://accounts.google.com/o/oauth2/v2/auth", "no state");
    await proxy(t, GOOGLE, "an empty state");
    await proxy(t, `${GOOGLE}a&state=b`, "two states");
    await proxy(t, "https://evil.test/?state=a", "another host");
    await proxy(t, "not a URL", "no URL at all");
    await t.get(`/expo-authorization-proxy?authorizationURL=${encodeURIComponent(`${GOOGLE}a`)}&oauthState=abc`, {
      label: "a state in a cookie of its own",
    });
    await t.post("/expo-authorization-proxy", {}, { label: "POST" });
  },
};
