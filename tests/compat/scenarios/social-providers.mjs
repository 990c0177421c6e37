// Each built-in provider, with users of each kind.
import { IDS } from "../profiles/social.mjs";
import { services } from "../support/provider-services.mjs";
import { expireTokens, fail, signIn } from "../support/social.mjs";

export const profile = "social";

const GITHUB = "api.github.com/user";

/** Changes the body of a user document. */
function describe(t, place, change) {
  t.provider.change(place, (answer) => ({ ...answer, body: change(answer.body) }));
}

/** Signs in with each of these changes to the user document of a provider. */
async function variants(t, provider, changes) {
  const [place] = Object.keys(services[provider].documents);
  for (const [label, change] of Object.entries(changes)) {
    t.provider.become({
      id: `${label.length}${label.charCodeAt(1)}`,
      email: `${label.replace(/\W/g, "-")}@example.com`,
    });
    describe(t, place, change);
    await signIn(t, provider, { jar: label, label });
  }
}

const eachProvider = IDS.map((id) => [
  `social provider ${id}: its users`,
  async (t) => {
    await signIn(t, id);
    await t.get(`/account-info?accountId=4711`);
    await expireTokens(t);
    await t.post("/get-access-token", { providerId: id });
    await t.post("/refresh-token", { providerId: id });
    await signIn(t, id, { jar: "b", label: "again" });
    t.provider.become({ id: "4712", email: "bob@example.com", isVerified: false, picture: undefined });
    await signIn(t, id, { jar: "c", label: "unverified, without a picture" });
    t.provider.become({ id: "4713", email: "eve@example.com", name: undefined });
    await signIn(t, id, { jar: "d", label: "without a name" });
    t.provider.become({ id: "4714", email: undefined });
    await signIn(t, id, { jar: "e", label: "without an address" });
    const [place] = Object.keys(services[id].documents ?? {});
    if (place) fail(t, place, 500);
    await signIn(t, id, { jar: "f", label: "without a user document" });
  },
]);

export default {
  ...Object.fromEntries(eachProvider),

  "social provider github: addresses": async (t) => {
    t.provider.become({ isPrivate: true });
    await signIn(t, "github", { label: "a private one" });
    t.provider.become({ id: "2", email: "two@example.com", isVerified: false });
    await signIn(t, "github", { label: "a private one that is not verified" });
    for (const [label, emails] of Object.entries({
      "no primary one": [{ email: "three@example.com", primary: false, verified: true }],
      "not in the list": [{ email: "other@example.com", primary: true, verified: true }],
      "an empty list": [],
      "no list": { message: "x" },
      null: null,
    })) {
      t.provider.change(`${GITHUB}/emails`, (answer) => ({ ...answer, body: emails }));
      t.provider.become({
        id: `${label.length}`,
        email: `${label.length}@example.com`,
        isPrivate: label === "no primary one",
      });
      await signIn(t, "github", { label });
    }
    t.provider.become({ id: "99", isPrivate: true });
    await signIn(t, "github", { label: "private, without a list" });
  },

  "social provider discord: pictures and names": (t) =>
    variants(t, "discord", {
      "an animated one": (user) => ({ ...user, avatar: "a_1" }),
      "a still one": (user) => ({ ...user, avatar: "1" }),
      "none, a new name": (user) => ({ ...user, avatar: null, id: "80351110224678912" }),
      "none, an old name": (user) => ({ ...user, avatar: null, discriminator: "1337" }),
      "only a user name": (user) => ({ ...user, global_name: null }),
      "not known whether verified": ({ verified: _, ...user }) => user,
    }),

  "social provider gitlab: users who may not sign in": (t) =>
    variants(t, "gitlab", {
      blocked: (user) => ({ ...user, state: "blocked" }),
      locked: (user) => ({ ...user, locked: true }),
      "only a user name": (user) => ({ ...user, name: null }),
      "not known whether verified": ({ email_verified: _, ...user }) => user,
    }),

  "social provider kakao: users": (t) =>
    variants(t, "kakao", {
      "an invalid address": (user) => ({ ...user, kakao_account: { ...user.kakao_account, is_email_valid: false } }),
      "no profile": (user) => ({ ...user, kakao_account: { ...user.kakao_account, profile: undefined, name: "Ada" } }),
      "a thumbnail": (user) => ({
        ...user,
        kakao_account: { ...user.kakao_account, profile: { thumbnail_image_url: "https://pictures.test/small" } },
      }),
      "no account": ({ id }) => ({ id }),
    }),

  "social provider naver: users": (t) =>
    variants(t, "naver", {
      "an error": (user) => ({ ...user, resultcode: "024" }),
      "a nickname": ({ response: { name: _, ...rest }, ...user }) => ({
        ...user,
        response: { ...rest, nickname: "ada" },
      }),
      "no response": ({ response: _, ...user }) => user,
    }),

  "social provider notion: users": (t) =>
    variants(t, "notion", {
      "no owner": () => ({ bot: {} }),
      "no name": ({ bot: { owner } }) => ({ bot: { owner: { user: { ...owner.user, name: "" } } } }),
    }),

  "social provider twitter: users": (t) =>
    variants(t, "twitter", {
      "an address": ({ data }) => ({ data: { ...data, confirmed_email: "x@example.com" } }),
      "no address": ({ data: { confirmed_email: _, ...data } }) => ({ data }),
    }),

  "social provider facebook: users": (t) =>
    variants(t, "facebook", {
      "no picture": (user) => ({ ...user, picture: { data: {} } }),
      "not known whether verified": ({ email_verified: _, ...user }) => user,
    }),

  "social provider reddit: users": (t) =>
    variants(t, "reddit", {
      "no picture": ({ icon_img: _, ...user }) => user,
      "a picture with a query": (user) => ({ ...user, icon_img: "https://pictures.test/a?b?c" }),
    }),

  "social provider slack: users": (t) =>
    variants(t, "slack", {
      "a large picture": ({ picture: _, ...user }) => ({
        ...user,
        "https://slack.com/user_image_512": "https://pictures.test/512",
      }),
      "no name": ({ name: _, ...user }) => user,
    }),

  "social provider zoom: users": (t) =>
    variants(t, "zoom", {
      "verified as a boolean": (user) => ({ ...user, verified: true }),
      "verified as a text": (user) => ({ ...user, verified: "no" }),
    }),

  "social provider roblox: users": (t) =>
    variants(t, "roblox", {
      "no nickname": ({ nickname: _, ...user }) => user,
      "no user name": ({ preferred_username: _, ...user }) => user,
    }),

  "social provider tiktok: users": (t) =>
    variants(t, "tiktok", {
      "an address": ({ data }) => ({ data: { user: { ...data.user, email: "x@example.com" } } }),
      "no name": ({
        data: {
          user: { display_name: _, ...user },
        },
      }) => ({ data: { user } }),
    }),

  "social provider microsoft: verified addresses": async (t) => {
    const token = services.microsoft.token;
    for (const [label, changes] of Object.entries({
      "a list of primary ones": { email_verified: undefined, verified_primary_email: ["ada@example.com"] },
      "a list of secondary ones": { email_verified: undefined, verified_secondary_email: ["ada@example.com"] },
      "lists of others": { email_verified: undefined, verified_primary_email: ["x@example.com"] },
      "no claim": { email_verified: undefined },
      "a text": { email_verified: "true" },
    })) {
      const idToken = t.provider.idToken("microsoft", { sub: label, email: "ada@example.com", ...changes });
      t.provider.change(token, (answer) => ({ ...answer, body: { ...answer.body, id_token: idToken } }));
      await t.sql(`delete from "user"`);
      await signIn(t, "microsoft", { label });
    }
  },

  "social provider google: verified addresses": async (t) => {
    for (const value of ["true", "false", 1, 0, null, undefined]) {
      t.provider.become({
        id: `id ${value}`,
        email: `verified-${typeof value}-${value}@example.com`,
        isVerified: value,
      });
      await signIn(t, "google", { label: `verified ${JSON.stringify(value)}` });
    }
  },

  "social provider google: an id token that is none": async (t) => {
    for (const idToken of ["x", "a.b", "a.b.c", "e30.e30.", "", 1, {}, "e30.bnVsbA.x", "e30.W10.x"]) {
      t.provider.change(services.google.token, (answer) => ({
        ...answer,
        body: { ...answer.body, id_token: idToken },
      }));
      await signIn(t, "google", { label: `id token ${JSON.stringify(idToken)}` });
    }
  },

  "social provider google: an id token of another": async (t) => {
    for (const [label, changes] of Object.entries({
      "another issuer": { iss: "https://evil.test" },
      "another client": { aud: "other" },
      expired: { exp: 1 },
    })) {
      const idToken = t.provider.idToken("google", {
        sub: label,
        email: `${label.replace(" ", "-")}@example.com`,
        ...changes,
      });
      t.provider.change(services.google.token, (answer) => ({
        ...answer,
        body: { ...answer.body, id_token: idToken },
      }));
      await signIn(t, "google", { label });
    }
  },

  "social provider vk: a device": async (t) => {
    await signIn(t, "vk", { answer: { device_id: "device-1", type: "code_v2", ext_id: "x" } });
  },
};
