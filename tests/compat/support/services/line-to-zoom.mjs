// The services of the built-in providers from LINE to Zoom.
import { first, last, openId, standard } from "./shapes.mjs";

export const services = {
  line: {
    authorize: "access.line.me/oauth2/v2.1/authorize",
    token: "api.line.me/oauth2/v2.1/token",
    verify: "api.line.me/oauth2/v2.1/verify",
    issuer: "https://access.line.me",
    claims: ({ id, name, email, picture }) => ({ sub: id, name, email, picture }),
    documents: { "api.line.me/oauth2/v2.1/userinfo": openId },
  },
  linear: standard("api.linear.app", {
    front: "linear.app",
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    user: "/graphql",
    describe: ({ id, name, email, picture }) => ({
      data: { viewer: { id, name, email, avatarUrl: picture, active: true } },
    }),
  }),
  linkedin: standard("www.linkedin.com", {
    authorize: "/oauth/v2/authorization",
    token: "/oauth/v2/accessToken",
    api: "api.linkedin.com",
    user: "/v2/userinfo",
  }),
  microsoft: {
    authorize: "login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token: "login.microsoftonline.com/common/oauth2/v2.0/token",
    keys: "login.microsoftonline.com/common/discovery/v2.0/keys",
    issuer: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
    claims: (person) => ({ ...openId(person), tid: "11111111-2222-3333-4444-555555555555", picture: undefined }),
    userInfo: "graph.microsoft.com/v1.0/me",
    documents: { "graph.microsoft.com/v1.0/me/photos/48x48/$value": ({ picture }) => Buffer.from(picture ?? "") },
  },
  naver: standard("nid.naver.com", {
    authorize: "/oauth2.0/authorize",
    token: "/oauth2.0/token",
    api: "openapi.naver.com",
    user: "/v1/nid/me",
    describe: ({ id, name, email, picture }) => ({
      resultcode: "00",
      message: "success",
      response: { id, name, email, profile_image: picture },
    }),
  }),
  notion: standard("api.notion.com", {
    authorize: "/v1/oauth/authorize",
    token: "/v1/oauth/token",
    user: "/v1/users/me",
    describe: ({ id, name, email, picture }) => ({
      object: "user",
      bot: { owner: { type: "user", user: { id, name, avatar_url: picture, person: { email } } } },
    }),
  }),
  paybin: {
    authorize: "idp.paybin.io/oauth2/authorize",
    token: "idp.paybin.io/oauth2/token",
    issuer: "https://idp.paybin.io",
  },
  paypal: {
    authorize: "www.sandbox.paypal.com/signin/authorize",
    token: "api-m.sandbox.paypal.com/v1/oauth2/token",
    // Better Auth sends a code challenge, but no code verifier.
    ignoresVerifier: true,
    documents: {
      "api-m.sandbox.paypal.com/v1/identity/oauth2/userinfo": ({ id, name, email, isVerified, picture }) => ({
        user_id: id,
        name,
        email,
        email_verified: isVerified,
        picture,
      }),
    },
  },
  polar: standard("api.polar.sh", {
    front: "polar.sh",
    authorize: "/oauth2/authorize",
    token: "/v1/oauth2/token",
    user: "/v1/oauth2/userinfo",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id,
      email,
      username: "ada",
      public_name: name,
      avatar_url: picture,
      email_verified: isVerified,
    }),
  }),
  reddit: standard("www.reddit.com", {
    authorize: "/api/v1/authorize",
    token: "/api/v1/access_token",
    api: "oauth.reddit.com",
    user: "/api/v1/me",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id,
      name,
      icon_img: `${picture}?width=1`,
      has_verified_email: isVerified,
      oauth_client_id: email,
    }),
  }),
  roblox: standard("apis.roblox.com", {
    authorize: "/oauth/v1/authorize",
    token: "/oauth/v1/token",
    user: "/oauth/v1/userinfo",
    describe: ({ id, name, picture }) => ({ sub: id, nickname: name, preferred_username: "ada", picture }),
  }),
  salesforce: standard("login.salesforce.com", {
    authorize: "/services/oauth2/authorize",
    token: "/services/oauth2/token",
    user: "/services/oauth2/userinfo",
    describe: ({ id, name, email, isVerified, picture }) => ({
      sub: `https://login.salesforce.com/id/${id}`,
      user_id: id,
      name,
      email,
      email_verified: isVerified,
      photos: { picture, thumbnail: `${picture}?small` },
    }),
  }),
  slack: standard("slack.com", {
    authorize: "/openid/connect/authorize",
    token: "/api/openid.connect.token",
    user: "/api/openid.connect.userInfo",
    describe: (person) => ({ ok: true, ...openId(person), "https://slack.com/user_id": person.id }),
  }),
  spotify: standard("accounts.spotify.com", {
    authorize: "/authorize",
    token: "/api/token",
    api: "api.spotify.com",
    user: "/v1/me",
    describe: ({ id, name, email, picture }) => ({ id, display_name: name, email, images: [{ url: picture }] }),
  }),
  tiktok: standard("open.tiktokapis.com", {
    front: "www.tiktok.com",
    authorize: "/v2/auth/authorize",
    token: "/v2/oauth/token/",
    user: "/v2/user/info/",
    describe: ({ id, name, picture }) => ({
      data: { user: { open_id: id, display_name: name, username: "ada", avatar_large_url: picture } },
      error: { code: "ok" },
    }),
  }),
  twitch: {
    authorize: "id.twitch.tv/oauth2/authorize",
    token: "id.twitch.tv/oauth2/token",
    issuer: "https://id.twitch.tv/oauth2",
    claims: ({ name, ...person }) => ({ ...openId(person), preferred_username: name }),
  },
  twitter: {
    authorize: "x.com/i/oauth2/authorize",
    token: "api.x.com/2/oauth2/token",
    documents: {
      "api.x.com/2/users/me": ({ id, name, email, isVerified, picture }) => ({
        data: { id, name, username: "ada", profile_image_url: picture, ...(isVerified && { confirmed_email: email }) },
      }),
    },
  },
  vercel: standard("api.vercel.com", {
    front: "vercel.com",
    authorize: "/oauth/authorize",
    token: "/login/oauth/token",
    user: "/login/oauth/userinfo",
  }),
  vk: standard("id.vk.com", {
    authorize: "/authorize",
    token: "/oauth2/auth",
    user: "/oauth2/user_info",
    describe: (person) => ({
      user: {
        user_id: person.id,
        first_name: first(person),
        last_name: last(person),
        email: person.email,
        avatar: person.picture,
      },
    }),
  }),
  zoom: standard("zoom.us", {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    api: "api.zoom.us",
    user: "/v2/users/me",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id,
      display_name: name,
      email,
      verified: isVerified ? 1 : 0,
      pic_url: picture,
    }),
  }),
};
