// Registration of passkeys.
import { requestChecks, session } from "../support/guards.mjs";
import { COOKIE, LIST, REGISTER, REGISTERED, AUTHENTICATE, begin, register, signIn } from "../support/passkeys.mjs";
import { AT, BE, BS, ED, SecurityKey, UP, UV } from "../support/security-key.mjs";
import { cbor } from "../support/cbor.mjs";
import { bearer, header, signed } from "../support/two-factor.mjs";

export const profile = "passkey";

/** Values of each kind that JSON has. */
const VALUES = { absent: undefined, null: null, true: true, number: 1, empty: "", text: "x", array: [], object: {} };

/** Registers one passkey for each change, and lists them. */
async function registrations(t, all) {
  await t.signUp();
  for (const [label, changes] of Object.entries(all)) await register(t, new SecurityKey(label), { changes, label });
  await t.get(LIST);
}

export default {
  ...requestChecks(REGISTERED, { response: { id: "x" }, name: "mine" }),
  ...session("GET", REGISTER),
  ...session("POST", REGISTERED, { response: { id: "x" } }),

  "passkey: a registration": async (t) => {
    await t.signUp();
    await register(t, new SecurityKey("one"), { body: { name: "One" } });
    await t.get(LIST);
    await register(t, new SecurityKey("two"), { body: { name: "Two" }, label: "another" });
    await begin(t, { label: "the options then" });
    await t.get(LIST);
  },

  "passkey: options of a registration": async (t) => {
    await t.signUp("ada", { body: { email: "ada+l_o'v@example.com" } });
    for (const query of [
      "?authenticatorAttachment=platform",
      "?authenticatorAttachment=cross-platform",
      "?authenticatorAttachment=",
      "?authenticatorAttachment=hybrid",
      "?authenticatorAttachment=platform&authenticatorAttachment=platform",
      "?name=",
      "?name=My%20key",
      "?name=%F0%9F%94%91+%26",
      `?name=${"x".repeat(1000)}`,
      "?name=a&name=b",
      "?other=1&authenticatorAttachment=platform&name=a",
      "?context=1",
    ])
      await t.get(`${REGISTER}${query}`, { label: `options ${query.slice(0, 80)}` });
    await t.post(REGISTER, {}, { label: "by POST" });
  },

  "passkey: a name with NUL in the options": async (t) => {
    await t.signUp();
    await t.get(`${REGISTER}?name=a%00b`);
  },

  "passkey: algorithms": async (t) => {
    await t.signUp();
    for (const algorithm of ["ES256", "EdDSA", "RS256"]) {
      const key = new SecurityKey("key", { algorithm });
      await register(t, key, { label: `${algorithm}: registered` });
      await signIn(t, key, { jar: algorithm, label: `${algorithm}: signed in` });
    }
    await t.get(LIST);
  },

  "passkey: algorithms that are not offered": async (t) => {
    await t.signUp();
    for (const algorithm of ["ES384", "ES512", "ES256K", "RS384", "RS512", "RS1", "PS256", "PS384", "PS512"]) {
      const key = new SecurityKey("key", { algorithm });
      await register(t, key, { label: `${algorithm}: registered` });
      await signIn(t, key, { jar: algorithm, label: `${algorithm}: signed in` });
    }
  },

  "passkey: public keys that are none": async (t) => {
    const { publicKey } = new SecurityKey("one");
    const changed = (...pairs) => new Map([...publicKey, ...pairs]);
    const without = (at) => new Map([...publicKey].filter(([name]) => name !== at));
    await registrations(t, {
      "an unknown algorithm": { publicKey: changed([3, -999]) },
      "no algorithm": { publicKey: without(3) },
      "an algorithm as a text": { publicKey: changed([3, "ES256"]) },
      "no map": { publicKey: "x" },
      "an empty map": { publicKey: new Map() },
      "not CBOR": { publicKey: Buffer.from([0xff]) },
      nothing: { publicKey: Buffer.alloc(0) },
    });
  },

  "passkey: public keys that cannot verify": async (t) => {
    const { publicKey } = new SecurityKey("one");
    const changed = (...pairs) => new Map([...publicKey, ...pairs]);
    await t.signUp();
    for (const [label, changes] of Object.entries({
      "another type of key": { publicKey: changed([1, 1]) },
      "no type of key": { publicKey: new Map([...publicKey].filter(([name]) => name !== 1)) },
      "another curve": { publicKey: changed([-1, 2]) },
      "a point that is not on the curve": { publicKey: changed([-2, Buffer.alloc(32, 1)]) },
      "a short point": { publicKey: changed([-2, Buffer.alloc(8, 1)]) },
      "one more member": { publicKey: changed([99, "more"]) },
    })) {
      const key = new SecurityKey(`unusable ${label}`);
      await register(t, key, { changes, label });
      await signIn(t, key, { jar: label, label: `${label}: signed in` });
    }
  },

  "passkey: a public key in another encoding": async (t) => {
    await t.signUp();
    const key = new SecurityKey("long form");
    // The same map, with its size in a byte of its own.
    const [, ...rest] = cbor(key.publicKey);
    const publicKey = Buffer.from([0xb8, 5, ...rest]);
    await register(t, key, { changes: { publicKey } });
    await signIn(t, key, { jar: "b" });
  },

  "passkey: attestations": async (t) => {
    const sig = Buffer.alloc(70, 1);
    await registrations(t, {
      packed: { format: "packed" },
      "none with a statement": { statement: new Map([["sig", sig]]) },
      "packed without a signature": { format: "packed", statement: new Map([["alg", -7]]) },
      "packed without an algorithm": { format: "packed", statement: new Map([["sig", sig]]) },
      "packed with another signature": { format: "packed", statement: new Map([["alg", -7], ["sig", sig]]) },
      "packed with an unknown algorithm": { format: "packed", statement: new Map([["alg", -999], ["sig", sig]]) },
      "packed with a certificate that is none": {
        format: "packed",
        statement: new Map([["alg", -7], ["sig", sig], ["x5c", [Buffer.from("x")]]]),
      },
      "packed, empty": { format: "packed", statement: new Map() },
      "fido-u2f, empty": { format: "fido-u2f" },
      "tpm, empty": { format: "tpm" },
      "apple, empty": { format: "apple" },
      "android-key, empty": { format: "android-key" },
      "android-safetynet, empty": { format: "android-safetynet" },
      unknown: { format: "other" },
      "no format": { format: "" },
      "a format that is no text": { format: 1 },
      "a statement that is no map": { statement: "x" },
    });
  },

  "passkey: self-attestations of other algorithms": async (t) => {
    await t.signUp();
    for (const algorithm of ["EdDSA", "RS256"])
      await register(t, new SecurityKey("self", { algorithm }), { changes: { format: "packed" }, label: algorithm });
  },

  "passkey: a self-attestation by another key": async (t) => {
    await t.signUp();
    const [key, other] = [new SecurityKey("attested"), new SecurityKey("other")];
    const given = await begin(t);
    const { response } = other.create(given, t.baseURL, { format: "packed" });
    await t.post(REGISTERED, { response: key.create(given, t.baseURL, { format: "packed", response }) }, { label: "all of the other" });
    const own = key.create(given, t.baseURL, { format: "packed" });
    const statement = new Map([["alg", -7], ["sig", other.sign(Buffer.from(own.response.attestationObject))]]);
    await t.post(REGISTERED, { response: key.create(given, t.baseURL, { format: "packed", statement }) }, { label: "the signature" });
  },

  "passkey: flags of a registration": async (t) => {
    await registrations(t, {
      "user present": { flags: UP | AT },
      "user verified": { flags: UP | UV | AT },
      "user neither present nor verified": { flags: AT },
      "user verified, not present": { flags: UV | AT },
      "to be backed up": { flags: UP | BE | AT },
      "backed up": { flags: UP | BE | BS | AT },
      "backed up, though it cannot be": { flags: UP | BS | AT },
      "no credential": { flags: UP },
      "reserved flags": { flags: UP | AT | 0x22 },
    });
  },

  "passkey: extensions of authenticator data": async (t) => {
    await registrations(t, {
      extensions: { flags: UP | AT | ED, tail: cbor(new Map([["credProtect", 2]])) },
      "no extensions": { flags: UP | AT | ED, tail: cbor(new Map()) },
      "extensions within extensions": { flags: UP | AT | ED, tail: cbor(new Map([["a", new Map([["b", [1, true]]])]])) },
      "extensions that are missing": { flags: UP | AT | ED },
      "extensions that are no map": { flags: UP | AT | ED, tail: cbor("x") },
      "extensions without their flag": { flags: UP | AT, tail: cbor(new Map()) },
      "a byte more": { flags: UP | AT | ED, tail: Buffer.concat([cbor(new Map()), Buffer.from([0])]) },
    });
  },

  "passkey: authenticator data that is none": async (t) => {
    await registrations(t, {
      empty: { authData: Buffer.alloc(0) },
      "36 bytes": { authData: Buffer.alloc(36) },
      "37 bytes": { authData: Buffer.alloc(37) },
      "cut in the credential": { authData: Buffer.alloc(60, UP | AT) },
      text: { authData: "x" },
      number: { authData: 1 },
    });
  },

  "passkey: attestation objects that are none": async (t) => {
    await registrations(t, {
      empty: { attestationObject: Buffer.alloc(0) },
      "not CBOR": { attestationObject: Buffer.from([0xff, 0x00]) },
      "an empty map": { attestationObject: cbor(new Map()) },
      text: { attestationObject: cbor("x") },
      "only the format": { attestationObject: cbor(new Map([["fmt", "none"]])) },
    });
  },

  "passkey: counters of a registration": async (t) => {
    await registrations(t, {
      zero: { counter: 0 },
      one: { counter: 1 },
      "the highest of 31 bits": { counter: 2 ** 31 - 1 },
    });
  },

  "passkey: counters of a registration beyond the column": async (t) => {
    await registrations(t, { "the lowest of 32 bits": { counter: 2 ** 31 }, "the highest": { counter: 2 ** 32 - 1 } });
  },

  "passkey: ids of authenticators": async (t) => {
    await registrations(t, {
      zero: { aaguid: "0".repeat(32) },
      ones: { aaguid: "f".repeat(32) },
      "a known one": { aaguid: "adce000235bcc60a648b0b25f1f05503" },
    });
  },

  "passkey: ids of credentials": async (t) => {
    await t.signUp();
    for (const size of [0, 1, 16, 64, 255, 1023, 1024])
      await register(t, new SecurityKey(`id of ${size}`, { id: Buffer.alloc(size, 7) }), { label: `${size} bytes` });
    await begin(t, { label: "the options then" });
  },

  "passkey: an id that is not the credential's": async (t) => {
    await t.signUp();
    const all = { id: "b3RoZXI", rawId: "b3RoZXI" };
    await register(t, new SecurityKey("named"), { changes: { all } });
    await t.get(LIST);
  },

  "passkey: client data of a registration": async (t) => {
    await registrations(t, {
      "of a sign-in": { client: { type: "webauthn.get" } },
      "without a type": { client: { type: undefined } },
      "another challenge": { client: { challenge: "A".repeat(43) } },
      "no challenge": { client: { challenge: undefined } },
      "an empty challenge": { client: { challenge: "" } },
      "a challenge that is no text": { client: { challenge: 1 } },
      "another origin": { client: { origin: "https://evil.test" } },
      "a trusted origin that is not the page's": { client: { origin: "http://localhost:5173" } },
      "an origin with a slash": { client: { origin: "http://localhost:3000/" } },
      "no origin": { client: { origin: undefined } },
      "an origin in a list": { client: { origin: ["http://localhost:3000"] } },
      "another frame": { client: { crossOrigin: true, topOrigin: "https://evil.test" } },
      "an unknown member": { client: { other_keys_can_be_added_here: "do not compare" } },
      "a bound token": { client: { tokenBinding: { status: "present", id: "x" } } },
      "a token that can be bound": { client: { tokenBinding: { status: "supported" } } },
      "a token that cannot be bound": { client: { tokenBinding: { status: "not-supported" } } },
      "a token that is bound otherwise": { client: { tokenBinding: { status: "other" } } },
      "a token binding that is none": { client: { tokenBinding: "present" } },
      "no token binding": { client: { tokenBinding: null } },
    });
  },

  "passkey: client data that is none": async (t) => {
    await registrations(t, {
      empty: { clientText: "" },
      broken: { clientText: "{" },
      null: { clientText: "null" },
      array: { clientText: "[]" },
      text: { clientText: '"x"' },
      number: { clientText: "1" },
      "an empty object": { clientText: "{}" },
    });
  },

  "passkey: client data in other spellings": async (t) => {
    await t.signUp();
    for (const [label, spell] of Object.entries({
      spaces: (text) => text.replaceAll(",", " ,\n\t"),
      "a mark before it": (text) => `\ufeff${text}`,
      escapes: (text) => text.replace("webauthn", "\\u0077ebauthn"),
      "members twice": (text) => text.replace("{", '{"type":"webauthn.get",'),
      "more behind it": (text) => `${text}x`,
    })) {
      const key = new SecurityKey(label);
      const given = await begin(t, { label: `${label}: options` });
      const text = JSON.stringify({ type: "webauthn.create", challenge: given.challenge, origin: t.baseURL });
      await t.post(REGISTERED, { response: key.create(given, t.baseURL, { clientText: spell(text) }) }, { label });
    }
  },

  "passkey: another domain": async (t) => {
    await registrations(t, {
      "another host": { rpId: "evil.test" },
      "with a port": { rpId: "localhost:3000" },
      "with a scheme": { rpId: "http://localhost" },
      capitals: { rpId: "LOCALHOST" },
      empty: { rpId: "" },
    });
  },

  "passkey: members of a registration": async (t) => {
    await t.signUp();
    for (const name of ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"])
      for (const [kind, value] of Object.entries(VALUES))
        await register(t, new SecurityKey(`${name} ${kind}`), { changes: { all: { [name]: value } }, label: `${name}: ${kind}` });
  },

  "passkey: parts of the response of a registration": async (t) => {
    await t.signUp();
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "publicKey", "publicKeyAlgorithm"])
      for (const [kind, value] of Object.entries(VALUES))
        await register(t, new SecurityKey(`${name} ${kind}`), { changes: { response: { [name]: value } }, label: `${name}: ${kind}` });
  },

  "passkey: transports": async (t) => {
    await registrations(
      t,
      Object.fromEntries(
        [undefined, null, [], ["usb"], ["usb", "nfc", "ble", "smart-card", "hybrid", "internal", "cable"], ["other"], [""], ["a,b"], [1], [null, "usb"], [["usb"]], [{}], "usb", 1, {}].map(
          (transports) => [JSON.stringify(transports) ?? "absent", { response: { transports } }],
        ),
      ),
    );
    await begin(t, { label: "the options then" });
  },

  "passkey: the body of a registration": async (t) => {
    await t.signUp();
    for (const response of [undefined, null, true, 1, "", "x", [], {}, [{}]])
      await t.post(REGISTERED, { response }, { label: `response ${JSON.stringify(response) ?? "absent"}, no challenge` });
    for (const response of [undefined, null, true, 1, "", "x", [], {}, [{}]]) {
      const label = `response ${JSON.stringify(response) ?? "absent"}`;
      await begin(t, { label: `${label}: options` });
      await t.post(REGISTERED, { response }, { label });
    }
    for (const name of [null, 1, true, [], {}])
      await t.post(REGISTERED, { response: {}, name }, { label: `name ${JSON.stringify(name)}` });
  },

  "passkey: names": async (t) => {
    await t.signUp();
    for (const [label, name] of Object.entries({ empty: "", blank: "  ", emoji: "🔑 ä\"'<b>", long: "x".repeat(200) }))
      await register(t, new SecurityKey(label), { body: { name, more: 1 }, label });
    await t.get(LIST);
  },

  "passkey: a name that is very long": async (t) => {
    await t.signUp();
    await register(t, new SecurityKey("very long"), { body: { name: "x".repeat(10_000) } });
  },

  "passkey: a name with NUL": async (t) => {
    await t.signUp();
    await register(t, new SecurityKey("NUL"), { body: { name: "a\u0000b" } });
  },

  "passkey: ids in other encodings": async (t) => {
    await t.signUp();
    for (const [label, spell] of Object.entries({
      padded: (text) => `${text}=`,
      "in standard base64": (text) => Buffer.from(text, "base64url").toString("base64"),
    })) {
      const key = new SecurityKey(label, { id: Buffer.alloc(20, 0xfb) });
      const given = await begin(t, { label: `${label}: options` });
      const response = key.create(given, t.baseURL);
      for (const name of ["clientDataJSON", "attestationObject"]) response.response[name] = spell(response.response[name]);
      response.id = response.rawId = spell(response.id);
      await t.post(REGISTERED, { response }, { label });
    }
  },

  "passkey: challenges of a registration": async (t) => {
    await t.signUp();
    const key = new SecurityKey("one");
    await t.post(REGISTERED, { response: {} }, { label: "none" });
    const first = await begin(t, { label: "the first" });
    const old = header(t.jar());
    const second = await begin(t, { label: "the second" });
    await t.post(REGISTERED, { response: key.create(first, t.baseURL) }, { label: "the first with the second's cookie" });
    await t.post(REGISTERED, { response: key.create(first, t.baseURL) }, { headers: { cookie: old }, label: "the first, later" });
    const response = new SecurityKey("two").create(second, t.baseURL);
    await t.post(REGISTERED, { response }, { label: "the second" });
    await t.post(REGISTERED, { response }, { label: "again" });
  },

  "passkey: a challenge that is not met": async (t) => {
    await t.signUp();
    const key = new SecurityKey("one");
    const given = await begin(t);
    await t.post(REGISTERED, { response: key.create(given, "https://evil.test") }, { label: "a wrong answer" });
    await t.post(REGISTERED, { response: key.create(given, t.baseURL) }, { label: "the right one" });
  },

  "passkey: a challenge that has expired": async (t) => {
    await t.signUp();
    const key = new SecurityKey("one");
    const given = await begin(t);
    await t.lapse();
    await t.post(REGISTERED, { response: key.create(given, t.baseURL) });
  },

  "passkey: a challenge that is gone": async (t) => {
    await t.signUp();
    const given = await begin(t);
    await t.sql("delete from verification");
    await t.post(REGISTERED, { response: new SecurityKey("one").create(given, t.baseURL) });
  },

  "passkey: cookies of a challenge": async (t) => {
    await t.signUp();
    const given = await begin(t);
    const good = t.jar().get(COOKIE);
    const response = new SecurityKey("one").create(given, t.baseURL);
    for (const [label, value] of Object.entries({
      empty: "",
      unsigned: decodeURIComponent(good).split(".")[0],
      "another's signature": `x${decodeURIComponent(good)}`,
      unknown: signed(t, "x".repeat(32)),
      "broken percent": "%ZZ",
    })) {
      t.jar().set(COOKIE, value);
      await t.post(REGISTERED, { response }, { label });
    }
    t.jar().set(COOKIE, good);
    await t.post(REGISTERED, { response }, { label: "good" });
  },

  "passkey: the challenge of another user": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "bob" });
    const given = await begin(t, { jar: "bob" });
    t.jar().set(COOKIE, t.jar("bob").get(COOKIE));
    await t.post(REGISTERED, { response: new SecurityKey("one").create(given, t.baseURL) });
    await t.get(LIST);
  },

  "passkey: the challenge of a sign-in at a registration": async (t) => {
    await t.signUp();
    const { challenge, rpId } = (await t.get(AUTHENTICATE)).json();
    const response = new SecurityKey("one").create({ challenge, rp: { id: rpId } }, t.baseURL);
    await t.post(REGISTERED, { response }, { label: "of a session" });
    await t.get(AUTHENTICATE, { jar: "b" });
    t.jar().set(COOKIE, t.jar("b").get(COOKIE));
    await t.post(REGISTERED, { response }, { label: "without a session" });
  },

  "passkey: a passkey of the user again": async (t) => {
    await t.signUp();
    const key = new SecurityKey("one");
    await register(t, key, { label: "first" });
    await register(t, key, { label: "second" });
    await t.get(LIST);
  },

  "passkey: a passkey of another user again": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "bob" });
    const key = new SecurityKey("one");
    await register(t, key, { label: "of Ada" });
    await register(t, key, { jar: "bob", label: "of Bob" });
    await signIn(t, key, { jar: "c" });
  },

  "passkey: a session that is not fresh": async (t) => {
    await t.signUp();
    const given = await begin(t);
    await t.age("25 hours");
    await t.get(REGISTER, { label: "options" });
    await t.post(REGISTERED, { response: new SecurityKey("one").create(given, t.baseURL) }, { label: "registered" });
    await t.post(REGISTERED, { response: 1, name: 1 }, { label: "a bad body" });
    await t.get(LIST);
  },

  "passkey: registrations from other pages": async (t) => {
    await t.signUp();
    for (const [label, headers, origin] of [
      ["a trusted page", { origin: "http://localhost:5173" }, "http://localhost:5173"],
      ["a page of a wildcard", { origin: "https://a.example.com" }, "https://a.example.com"],
      ["a foreign page", { origin: "https://evil.test" }, "https://evil.test"],
      ["no page", { origin: null, referer: "http://localhost:3000/x" }, "http://localhost:3000"],
      ["a page without an origin", { origin: "null" }, "null"],
    ])
      await register(t, new SecurityKey(label), { headers, origin, label });
  },

  "passkey: registrations by clients that are no browsers": async (t) => {
    await t.signUp();
    await register(t, new SecurityKey("one"), { headers: { origin: null } });
  },

  "passkey: a registration by a bearer token": async (t) => {
    const caller = bearer(await t.signUp("ada", { jar: null }));
    const answer = await t.get(REGISTER, caller);
    const cookie = answer.cookies[0].split(";")[0];
    const response = new SecurityKey("one").create(answer.json(), t.baseURL);
    await t.post(REGISTERED, { response }, { ...caller, label: "without the cookie" });
    const headers = { ...caller.headers, cookie };
    await t.post(REGISTERED, { response }, { jar: null, headers, label: "with the cookie" });
    await t.get(LIST, caller);
  },

  "passkey: a registration in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await register(t, new SecurityKey("one"));
    await t.get("/get-session");
  },

  "passkey: the user is deleted": async (t) => {
    await t.signUp();
    const key = new SecurityKey("one");
    await register(t, key);
    await t.post("/delete-user", { password: "password1234" });
    await signIn(t, key);
  },
};
