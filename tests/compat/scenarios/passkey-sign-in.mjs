// Sign-ins with passkeys.
import { requestChecks } from "../support/guards.mjs";
import {
  AUTHENTICATE,
  AUTHENTICATED,
  COOKIE,
  LIST,
  REGISTER,
  challenge,
  owner,
  register,
  signIn,
} from "../support/passkeys.mjs";
import { BE, BS, ED, SecurityKey, UP, UV } from "../support/security-key.mjs";
import { cbor } from "../support/cbor.mjs";
import { bearer, header, signed } from "../support/two-factor.mjs";

export const profile = "passkey";

const VALUES = { absent: undefined, null: null, true: true, number: 1, empty: "", text: "x", array: [], object: {} };

/** Signs in once for each change, each time in a new browser. */
async function attempts(t, key, all) {
  for (const [label, changes] of Object.entries(all)) await signIn(t, key, { changes, jar: label, label });
}

export default {
  ...requestChecks(AUTHENTICATED, { response: { id: "x" } }),

  "passkey sign-in: without an address": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get(LIST);
    await t.post("/sign-out");
    await signIn(t, key, { label: "again" });
  },

  "passkey sign-in: options": async (t) => {
    await t.get(AUTHENTICATE, { label: "without a session" });
    await owner(t);
    await t.get(AUTHENTICATE, { jar: "own", label: "with a passkey" });
    await t.signUp("bob", { jar: "bob" });
    await t.get(AUTHENTICATE, { jar: "bob", label: "without a passkey" });
    await t.get(`${AUTHENTICATE}?email=ada@example.com&name=x`, { label: "with a query" });
    await t.get(AUTHENTICATE, { headers: { cookie: "better-auth.session_token=x.y" }, label: "with an invalid session" });
    await t.get(AUTHENTICATE, { headers: { origin: "https://evil.test" }, label: "from a foreign page" });
    await t.get(AUTHENTICATE, { headers: { origin: null }, label: "without a page" });
    await t.post(AUTHENTICATE, {}, { label: "by POST" });
  },

  "passkey sign-in: options in a session that is due": async (t) => {
    await owner(t);
    await t.age("2 days");
    await t.get(AUTHENTICATE, { jar: "own" });
  },

  "passkey sign-in: options in a session that has ended": async (t) => {
    await owner(t);
    await t.age("8 days");
    await t.get(AUTHENTICATE, { jar: "own" });
  },

  "passkey sign-in: options by a bearer token": async (t) => {
    const caller = bearer(await t.signUp());
    await register(t, new SecurityKey("one"));
    await t.get(AUTHENTICATE, caller);
  },

  "passkey sign-in: in the user's own session": async (t) => {
    const { key } = await owner(t, "ada", { jar: "default" });
    await signIn(t, key);
    await t.get("/list-sessions");
  },

  "passkey sign-in: in a session of another user": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob");
    await signIn(t, key);
    await t.get("/get-session");
  },

  "passkey sign-in: in a session that is not remembered": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob", { body: { rememberMe: false } });
    await signIn(t, key);
    await t.get("/get-session");
  },

  "passkey sign-in: a bearer token of it": async (t) => {
    const { key } = await owner(t);
    const caller = bearer(await signIn(t, key, { headers: { origin: "http://localhost:5173" }, origin: "http://localhost:5173" }));
    await t.get("/get-session", caller);
  },

  "passkey sign-in: unknown passkeys": async (t) => {
    await owner(t);
    await signIn(t, new SecurityKey("unknown"), { label: "unknown" });
    const { key } = await owner(t, "bob", { jar: "bob" });
    await t.sql("delete from passkey");
    await signIn(t, key, { label: "deleted" });
  },

  "passkey sign-in: members": async (t) => {
    const { key } = await owner(t);
    for (const name of ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"])
      for (const [kind, value] of Object.entries(VALUES))
        await signIn(t, key, { changes: { all: { [name]: value } }, jar: `${name} ${kind}`, label: `${name}: ${kind}` });
  },

  "passkey sign-in: parts of the response": async (t) => {
    const { key } = await owner(t);
    for (const name of ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
      for (const [kind, value] of Object.entries(VALUES))
        await signIn(t, key, { changes: { response: { [name]: value } }, jar: `${name} ${kind}`, label: `${name}: ${kind}` });
  },

  "passkey sign-in: the body": async (t) => {
    await owner(t);
    for (const response of [undefined, null, true, 1, "", "x", [], {}, [{}]])
      await t.post(AUTHENTICATED, { response }, { label: `response ${JSON.stringify(response) ?? "absent"}, no challenge` });
    await challenge(t);
    for (const response of [undefined, null, true, 1, "", "x", [], {}, [{}]])
      await t.post(AUTHENTICATED, { response }, { label: `response ${JSON.stringify(response) ?? "absent"}` });
  },

  "passkey sign-in: ids that are none": async (t) => {
    const { key } = await owner(t);
    for (const id of ["", " ", "a%b", "x".repeat(2000), `${key.credentialID}=`, [key.credentialID], { id: 1 }, 1, true, null])
      await signIn(t, key, { changes: { all: { id, rawId: id } }, jar: `id ${id}`, label: `id ${JSON.stringify(id).slice(0, 60)}` });
  },

  "passkey sign-in: an id with NUL": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key, { changes: { all: { id: "a\u0000b", rawId: "a\u0000b" } } });
  },

  "passkey sign-in: client data": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      "of a registration": { client: { type: "webauthn.create" } },
      "without a type": { client: { type: undefined } },
      "another challenge": { client: { challenge: "A".repeat(43) } },
      "no challenge": { client: { challenge: undefined } },
      "another origin": { client: { origin: "https://evil.test" } },
      "a trusted origin that is not the page's": { client: { origin: "http://localhost:5173" } },
      "an origin with a slash": { client: { origin: "http://localhost:3000/" } },
      "no origin": { client: { origin: undefined } },
      "another frame": { client: { crossOrigin: true, topOrigin: "https://evil.test" } },
      "an unknown member": { client: { other: 1 } },
      "a bound token": { client: { tokenBinding: { status: "present", id: "x" } } },
      "a token that can be bound": { client: { tokenBinding: { status: "supported" } } },
      "a token that cannot be bound": { client: { tokenBinding: { status: "notSupported" } } },
      "a token that cannot be bound, as a registration spells it": { client: { tokenBinding: { status: "not-supported" } } },
      "a token that is bound otherwise": { client: { tokenBinding: { status: "other" } } },
      "a token binding that is none": { client: { tokenBinding: "present" } },
    });
    await t.get(LIST, { jar: "own" });
  },

  "passkey sign-in: client data that is none": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      empty: { clientText: "" },
      broken: { clientText: "{" },
      null: { clientText: "null" },
      array: { clientText: "[]" },
      text: { clientText: '"x"' },
      "an empty object": { clientText: "{}" },
    });
  },

  "passkey sign-in: another domain": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, { "another host": { rpId: "evil.test" }, "with a port": { rpId: "localhost:3000" }, empty: { rpId: "" } });
  },

  "passkey sign-in: flags": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      "user present": { flags: UP },
      "user verified": { flags: UP | UV },
      "user neither present nor verified": { flags: 0 },
      "user verified, not present": { flags: UV },
      "backed up, though it cannot be": { flags: UP | BS },
      "reserved flags": { flags: UP | 0x22 },
      extensions: { flags: UP | ED, tail: cbor(new Map([["appid", true]])) },
      "extensions that are missing": { flags: UP | ED },
      "extensions without their flag": { flags: UP, tail: cbor(new Map()) },
    });
  },

  "passkey sign-in: a passkey that is backed up now": async (t) => {
    const { key } = await owner(t, "ada", { changes: { flags: UP | BE | 0x40 } });
    await attempts(t, key, { "backed up": { flags: UP | BE | BS }, "not backed up": { flags: UP | BE } });
    await t.get(LIST, { jar: "own" });
  },

  "passkey sign-in: a passkey that can be backed up now": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, { "can be": { flags: UP | BE }, "cannot be": { flags: UP } });
    await t.get(LIST, { jar: "own" });
  },

  "passkey sign-in: authenticator data that is none": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      empty: { authData: Buffer.alloc(0) },
      "36 bytes": { authData: Buffer.alloc(36) },
      "37 bytes": { authData: Buffer.alloc(37) },
      "38 bytes": { authData: Buffer.alloc(38) },
    });
  },

  "passkey sign-in: signatures": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      empty: { signature: Buffer.alloc(0) },
      "not DER": { signature: Buffer.alloc(64, 1) },
      "of another key": { signer: new SecurityKey("other") },
      "of another algorithm": { signer: new SecurityKey("other", { algorithm: "EdDSA" }) },
      good: {},
    });
  },

  "passkey sign-in: signatures of other algorithms": async (t) => {
    await t.signUp("ada", { jar: "own" });
    for (const algorithm of ["EdDSA", "RS256"]) {
      const key = new SecurityKey("one", { algorithm });
      await register(t, key, { jar: "own", label: algorithm });
      await attempts(t, key, {
        [`${algorithm}: empty`]: { signature: Buffer.alloc(0) },
        [`${algorithm}: zeros`]: { signature: Buffer.alloc(64) },
        [`${algorithm}: of another key`]: { signer: new SecurityKey("other", { algorithm }) },
        [`${algorithm}: of another algorithm`]: { signer: new SecurityKey("one") },
        [`${algorithm}: good`]: {},
      });
    }
  },

  "passkey sign-in: counters": async (t) => {
    const { key } = await owner(t, "ada", { changes: { counter: 10 } });
    await attempts(t, key, {
      "the same": { counter: 10 },
      lower: { counter: 9 },
      zero: { counter: 0 },
      higher: { counter: 11 },
      "the same again": { counter: 11 },
      "much higher": { counter: 1_000_000 },
      "the old one": { counter: 12 },
    });
    await t.get(LIST, { jar: "own" });
  },

  "passkey sign-in: a counter that stays zero": async (t) => {
    const { key } = await owner(t, "ada", { key: new SecurityKey("still", { counter: 0, step: 0 }) });
    await attempts(t, key, { first: {}, second: {}, "then one": { counter: 1 }, "then zero": { counter: 0 } });
  },

  "passkey sign-in: a counter beyond the column": async (t) => {
    const { key } = await owner(t);
    await attempts(t, key, {
      "the highest of 31 bits": { counter: 2 ** 31 - 1 },
      "the lowest of 32 bits": { counter: 2 ** 31 },
      "the highest": { counter: 2 ** 32 - 1 },
    });
  },

  "passkey sign-in: challenges": async (t) => {
    const { key } = await owner(t);
    await t.post(AUTHENTICATED, { response: { id: key.credentialID } }, { label: "none" });
    const first = await challenge(t, { label: "the first" });
    const old = header(t.jar());
    const second = await challenge(t, { label: "the second" });
    await t.post(AUTHENTICATED, { response: key.get(first, t.baseURL) }, { label: "the first with the second's cookie" });
    const later = { headers: { cookie: old }, label: "the first, later" };
    await t.post(AUTHENTICATED, { response: key.get(first, t.baseURL) }, later);
    await t.post(AUTHENTICATED, { response: key.get(second, t.baseURL) }, { label: "the second" });
  },

  "passkey sign-in: a response that is used again": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    const response = key.get(given, t.baseURL);
    const cookie = header(t.jar());
    await t.post(AUTHENTICATED, { response }, { label: "first" });
    await t.post(AUTHENTICATED, { response }, { jar: "b", headers: { cookie }, label: "second" });
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) }, { jar: "c", headers: { cookie }, label: "another of the same challenge" });
  },

  "passkey sign-in: a challenge that is not met": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    await t.post(AUTHENTICATED, { response: key.get(given, "https://evil.test") }, { label: "a wrong answer" });
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) }, { label: "the right one" });
  },

  "passkey sign-in: an unknown passkey, then a known one": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    await t.post(AUTHENTICATED, { response: new SecurityKey("unknown").get(given, t.baseURL) }, { label: "unknown" });
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) }, { label: "known" });
  },

  "passkey sign-in: a challenge that has expired": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    await t.lapse();
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) });
  },

  "passkey sign-in: a challenge that is gone": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    await t.sql("delete from verification");
    await t.post(AUTHENTICATED, { response: key.get(given, t.baseURL) });
  },

  "passkey sign-in: cookies of a challenge": async (t) => {
    const { key } = await owner(t);
    const given = await challenge(t);
    const good = t.jar().get(COOKIE);
    const response = key.get(given, t.baseURL);
    for (const [label, value] of Object.entries({
      empty: "",
      unsigned: decodeURIComponent(good).split(".")[0],
      "another's signature": `x${decodeURIComponent(good)}`,
      unknown: signed(t, "x".repeat(32)),
      "broken percent": "%ZZ",
    }))
      await t.post(AUTHENTICATED, { response }, { jar: null, headers: { cookie: `${COOKIE}=${value}` }, label });
    await t.post(AUTHENTICATED, { response }, { jar: null, label: "no cookie" });
    await t.post(AUTHENTICATED, { response }, { label: "good" });
  },

  "passkey sign-in: the challenge of a registration": async (t) => {
    const { key } = await owner(t, "ada", { jar: "default" });
    const { challenge: random, rp } = (await t.get(REGISTER)).json();
    await t.post(AUTHENTICATED, { response: key.get({ challenge: random, rpId: rp.id }, t.baseURL) });
  },

  "passkey sign-in: the challenge of another user's session": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob", { jar: "bob" });
    await signIn(t, key, { jar: "bob" });
  },

  "passkey sign-in: from other pages": async (t) => {
    const { key } = await owner(t);
    for (const [label, headers, origin] of [
      ["a trusted page", { origin: "http://localhost:5173" }, "http://localhost:5173"],
      ["a page of a wildcard", { origin: "https://a.example.com" }, "https://a.example.com"],
      ["a foreign page", { origin: "https://evil.test" }, "https://evil.test"],
      ["no page", { origin: null, referer: "http://localhost:3000/x" }, "http://localhost:3000"],
      ["a page without an origin", { origin: "null" }, "null"],
    ])
      await signIn(t, key, { jar: label, headers, origin, label });
  },

  "passkey sign-in: by clients that are no browsers": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key, { headers: { origin: null } });
  },

  "passkey sign-in: the row is another program's": async (t) => {
    const { key } = await owner(t);
    const stored = (await t.sql(`select "publicKey" from passkey`))[0].publicKey;
    for (const [label, column, value] of [
      ["no transports", "transports", null],
      ["empty transports", "transports", ""],
      ["no name", "name", null],
      ["no time", "createdAt", null],
      ["no aaguid", "aaguid", null],
      ["a public key in base64url", "publicKey", stored.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")],
      ["a public key that is none", "publicKey", "AAAA"],
      ["a public key that is not base64", "publicKey", "%"],
      ["an empty public key", "publicKey", ""],
    ]) {
      await t.sql(`update passkey set "${column}" = $1`, [value]);
      await signIn(t, key, { jar: label, label });
      await t.get(LIST, { jar: "own", label: `${label}: listed` });
    }
  },

  "passkey sign-in: a device type that another program stored": async (t) => {
    const { key } = await owner(t);
    await t.sql(`update passkey set "deviceType" = 'multi_device', "backedUp" = true`);
    await signIn(t, key);
    await t.get(LIST, { jar: "own" });
  },

  "passkey sign-in: a negative counter": async (t) => {
    const { key } = await owner(t);
    await t.sql("update passkey set counter = -5");
    await signIn(t, key);
  },

  "passkey sign-in: an address that is not verified": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key);
    await t.sql("delete from account");
    await signIn(t, key, { jar: "b", label: "without a password" });
  },
};
