// The services of the built-in providers from Apple to Kick.
import { first, last, openId, standard } from "./shapes.mjs";

export const services = {
  apple: {
    authorize: "appleid.apple.com/auth/authorize",
    token: "appleid.apple.com/auth/token",
    keys: "appleid.apple.com/auth/keys",
    issuer: "https://appleid.apple.com",
    // Apple's id tokens contain neither a name nor a picture, and booleans are texts.
    claims: ({ id, email, isVerified }) => ({ sub: id, email, email_verified: isVerified && `${isVerified}` }),
  },
  atlassian: standard("auth.atlassian.com", {
    authorize: "/authorize",
    token: "/oauth/token",
    api: "api.atlassian.com",
    user: "/me",
    describe: ({ id, name, email, picture }) => ({ account_id: id, name, email, picture }),
  }),
  cognito: {
    authorize: "pool.example.test/oauth2/authorize",
    token: "pool.example.test/oauth2/token",
    keys: "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_ada/.well-known/jwks.json",
    issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_ada",
    documents: { "pool.example.test/oauth2/userinfo": openId },
  },
  discord: standard("discord.com", {
    authorize: "/api/oauth2/authorize",
    token: "/api/oauth2/token",
    user: "/api/users/@me",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id,
      username: "ada",
      discriminator: "0",
      global_name: name,
      avatar: picture ? "a_1b2c" : null,
      email,
      verified: isVerified,
    }),
  }),
  dropbox: {
    authorize: "www.dropbox.com/oauth2/authorize",
    token: "api.dropboxapi.com/oauth2/token",
    documents: {
      "api.dropboxapi.com/2/users/get_current_account": (person) => ({
        account_id: person.id,
        name: { display_name: person.name, given_name: first(person), surname: last(person) },
        email: person.email,
        email_verified: person.isVerified,
        profile_photo_url: person.picture,
      }),
    },
  },
  facebook: {
    authorize: "www.facebook.com/v24.0/dialog/oauth",
    token: "graph.facebook.com/v24.0/oauth/access_token",
    keys: "limited.facebook.com/.well-known/oauth/openid/jwks/",
    // Only the limited login, which is not a flow with a code, issues id tokens.
    documents: {
      "graph.facebook.com/me": ({ id, name, email, isVerified, picture }) => ({
        id,
        name,
        email,
        email_verified: isVerified,
        picture: { data: { height: 50, is_silhouette: false, url: picture, width: 50 } },
      }),
    },
  },
  figma: standard("api.figma.com", {
    front: "www.figma.com",
    authorize: "/oauth",
    token: "/v1/oauth/token",
    user: "/v1/me",
    describe: ({ id, name, email, picture }) => ({ id, handle: name, email, img_url: picture }),
  }),
  github: {
    authorize: "github.com/login/oauth/authorize",
    token: "github.com/login/oauth/access_token",
    documents: {
      "api.github.com/user": ({ id, name, email, isPrivate, picture }) => ({
        login: "ada",
        id: Number(id),
        avatar_url: picture,
        name,
        email: isPrivate ? null : email,
      }),
      "api.github.com/user/emails": ({ email, isVerified }) => [
        { email: "other@example.com", primary: false, verified: true, visibility: null },
        { email, primary: true, verified: isVerified, visibility: "public" },
      ],
    },
  },
  gitlab: standard("gitlab.com", {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    user: "/api/v4/user",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id: Number(id),
      username: "ada",
      name,
      state: "active",
      locked: false,
      avatar_url: picture,
      email,
      email_verified: isVerified,
    }),
  }),
  google: {
    authorize: "accounts.google.com/o/oauth2/v2/auth",
    token: "oauth2.googleapis.com/token",
    keys: "www.googleapis.com/oauth2/v3/certs",
    issuer: "https://accounts.google.com",
    claims: ({ email, ...person }) => ({ ...openId({ email, ...person }), hd: email?.split?.("@")[1] }),
  },
  huggingface: standard("huggingface.co", {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    user: "/oauth/userinfo",
  }),
  kakao: standard("kauth.kakao.com", {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    api: "kapi.kakao.com",
    user: "/v2/user/me",
    describe: ({ id, name, email, isVerified, picture }) => ({
      id: Number(id),
      kakao_account: {
        profile: { nickname: name, profile_image_url: picture },
        is_email_valid: true,
        is_email_verified: isVerified,
        email,
      },
    }),
  }),
  kick: standard("id.kick.com", {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    api: "api.kick.com",
    user: "/public/v1/users",
    describe: ({ id, name, email, picture }) => ({
      data: [{ user_id: Number(id), name, email, profile_picture: picture }],
      message: "OK",
    }),
  }),
};
