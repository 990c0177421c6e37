import { redirects } from "../support/redirects.mjs";
import { linkToken, unsignedToken } from "../support/tokens.mjs";

const ROUTE = "/verify-email";
const ADA = "ada@example.com";

export const profile = "core";

/** Signs a user up and asks for a link that verifies the address. */
async function asked(t, callbackURL, jar) {
  await t.signUp("ada", { jar });
  await t.post("/send-verification-email", { email: ADA, callbackURL }, { jar, label: "ask" });
  return t.message(ADA);
}

async function link(t) {
  await t.sql(`delete from "user"`);
  const { token } = await asked(t, undefined, null);
  return `${ROUTE}?token=${token}`;
}

export default {
  ...redirects("verify email", link),

  "verify email: good": async (t) => {
    const { url, token } = await asked(t);
    await t.get(`${ROUTE}?token=${token}`, { label: "without a callback" });
    await t.get("/get-session");
    await t.follow(url, { label: "again, with a session" });
    await t.follow(url, { jar: null, label: "again, without" });
  },

  "verify email: followed without the session from before": async (t) => {
    const { url } = await asked(t);
    await t.get("/get-session", { label: "before" });
    await t.follow(url, { jar: null });
    await t.get("/get-session", { label: "after" });
  },

  "verify email: with a session": async (t) => {
    const { url } = await asked(t, "/done?a=b");
    await t.follow(url);
    await t.get("/get-session");
  },

  "verify email: with another user's session": async (t) => {
    const { url } = await asked(t, "/done");
    await t.signUp("bob", { jar: "bob" });
    await t.follow(url, { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
    await t.get("/get-session", { label: "the session of the address's user" });
  },

  "verify email: from another page, by other methods": async (t) => {
    const { token } = await asked(t);
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
      await t.call(method, `${ROUTE}?token=${token}`, { label: method });
    await t.get(`${ROUTE}?token=${token}`, { headers: { origin: "https://evil.test" }, label: "foreign" });
  },

  "verify email: invalid tokens": async (t) => {
    const { token } = await asked(t);
    const [header, , signature] = token.split(".");
    const changed = Buffer.from(JSON.stringify({ email: "eve@example.com" })).toString("base64url");
    for (const [label, invalid] of Object.entries({
      empty: "",
      word: "x",
      "with dots": "a.b.c",
      "signature cut": token.slice(0, -1),
      "no signature": token.split(".").slice(0, 2).join("."),
      "signature empty": token.replace(/[^.]*$/, ""),
      "other claims": [header, changed, signature].join("."),
      "something behind": `${token}.x`,
      nul: "%00",
    }))
      await t.get(`${ROUTE}?token=${invalid}`, { label });
    await t.get(`${ROUTE}?token=x&callbackURL=%2Fa%3Fb%3Dc`, { label: "with a callback" });
    await t.get(`${ROUTE}?token=x&callbackURL=`, { label: "an empty callback" });
    await t.get(ROUTE, { label: "no token" });
    await t.get(`${ROUTE}?token=x&token=y`, { label: "two tokens" });
    await t.get("/get-session");
  },

  "verify email: tokens with another signature": async (t) => {
    await t.signUp();
    const claims = { email: ADA };
    for (const [label, token] of Object.entries({
      unsigned: unsignedToken(claims),
      "another secret": await linkToken("another-secret", claims),
      "another algorithm": await linkToken(t.secret.padEnd(64, "x"), claims, { alg: "HS512" }),
      "this algorithm, longer": await linkToken(t.secret, claims, { alg: "HS384" }),
    }))
      await t.get(`${ROUTE}?token=${token}`, { label });
    await t.get("/get-session");
  },

  "verify email: expired and premature tokens": async (t) => {
    await t.signUp();
    const now = Math.floor(Date.now() / 1000);
    const late = await linkToken(t.secret, { email: ADA, iat: now - 7200, exp: now - 3600 });
    await t.get(`${ROUTE}?token=${late}`, { label: "too late" });
    await t.get(`${ROUTE}?token=${late}&callbackURL=%2Fa%3Fb%3Dc`, { label: "too late, with a callback" });
    const later = await linkToken(t.secret, { email: ADA, nbf: now + 3600 });
    await t.get(`${ROUTE}?token=${later}`, { label: "too early" });
  },

  "verify email: an address without a user": async (t) => {
    const { token } = await asked(t);
    await t.sql(`update "user" set email = 'eve@example.com'`);
    await t.get(`${ROUTE}?token=${token}`, { label: "the user has another address" });
    await t.get(`${ROUTE}?token=${token}&callbackURL=%2Fa`, { label: "with a callback" });
    await t.sql(`delete from "user"`);
    await t.get(`${ROUTE}?token=${token}`, { label: "the user was deleted" });
  },

  "verify email: a session that is over": async (t) => {
    const { token } = await asked(t);
    await t.age("8 days");
    await t.get(`${ROUTE}?token=${token}`, { label: "follow" });
  },

  // Tokens that no server made, signed with the secret.
  ...byHand("an address", { email: ADA }),
  ...byHand("without an end", { email: ADA, exp: undefined }),
  ...byHand("an address in capitals", { email: "ADA@example.com" }),
  ...byHand("no address", { sub: "x" }),
  ...byHand("no address at all", { email: "x" }),
  ...byHand("an address that is a number", { email: 1 }),
  ...byHand("another purpose", { email: ADA, requestType: "else" }),
  ...byHand("an empty new address", { email: ADA, updateTo: "" }),
  ...byHand("a new address and no purpose", { email: ADA, updateTo: "new@example.com" }),
  ...byHand("a new address and another purpose", { email: ADA, updateTo: "new@example.com", requestType: "else" }),
  ...byHand("to change", { email: ADA, updateTo: "new@example.com", requestType: "change-email-verification" }),
  ...byHand("to confirm", { email: ADA, updateTo: "new@example.com", requestType: "change-email-confirmation" }),
  ...byHand("a new address that is a number", { email: ADA, updateTo: 1 }),
};

function byHand(name, claims) {
  return {
    [`verify email by hand: ${name}`]: async (t) => {
      await t.signUp();
      const token = await linkToken(t.secret, claims);
      await t.get(`${ROUTE}?token=${token}`, { label: "follow" });
    },
  };
}
