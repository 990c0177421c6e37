import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { Deviations, differences } from "./compare.mjs";
import { Mask } from "./mask.mjs";

const [ONE, TWO] = ["aB".repeat(16), "bA".repeat(16)];
const step = (answer) => ({ step: "GET /", status: 200, headers: {}, cookies: [], body: {}, rows: {}, ...answer });

test("the same id must appear in the same places", () => {
  const masked = (value) => new Mask("secret").json(value, "body");
  assert.deepEqual(masked({ id: ONE, userId: ONE }), masked({ id: TWO, userId: TWO }));
  assert.notDeepEqual(masked({ id: ONE, userId: ONE }), masked({ id: ONE, userId: TWO }));
});

test("a time is masked as its distance from now and its format", () => {
  const masked = (minutes, end) => {
    const text = new Date(Date.now() + minutes * 60_000).toISOString();
    return new Mask("secret").text(text.slice(0, 19) + end, "body");
  };
  assert.equal(masked(0, ".123Z"), "<time now>");
  assert.equal(masked(1440, ".000Z"), "<time now+1440m>");
  assert.equal(masked(-2880, ".123Z"), "<time now-2880m>");
  assert.equal(masked(0, "Z"), "<time now, 0 digits>");
  assert.equal(new Mask("secret").text("1999-12-31T23:59:59Z", "body"), "1999-12-31T23:59:59Z");
  assert.equal(masked(0, ".1+00:00"), "<time now, row>");
  assert.equal(masked(0, ".123456+00:00"), "<time now, row, below milliseconds>");
});

test("a cookie is compared by name, form of the value, signature, and order of the attributes", () => {
  const mask = new Mask("secret");
  const signed = (signature) => `${ONE}.${encodeURIComponent(signature)}`;
  const good = createHmac("sha256", "secret").update(ONE).digest("base64");
  const value = (line) => mask.cookie(line, "cookie").value;
  assert.equal(value(`a=${signed(good)}; Path=/`), "<id of cookie.a>.<signed>");
  assert.match(value(`a=${signed("x".repeat(43) + "=")}; Path=/`), /BAD SIGNATURE/);
  assert.match(value(`a=${ONE}.${good}; Path=/`), /another encoding|<signed>/);
  const attributes = (line) => mask.cookie(line, "cookie").attributes;
  assert.notEqual(attributes("a=b; Path=/; HttpOnly"), attributes("a=b; HttpOnly; Path=/"));
  assert.equal(attributes("a=b; Max-Age=604799; Path=/"), attributes("a=b; Max-Age=604800; Path=/"));
});

test("a hash is masked as its algorithm", () => {
  const mask = new Mask("secret");
  assert.match(mask.text(`${"0".repeat(32)}:${"f".repeat(128)}`, "rows"), /^<scrypt/);
  assert.match(mask.text("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "rows"), /^<argon2id/);
  assert.equal(mask.text("plain", "rows"), "plain");
  assert.notEqual(mask.text("a".repeat(24), "x"), mask.text("aB".repeat(12), "x"), "another alphabet is a difference");
});

test("values of the second factor are masked by their form", () => {
  const mask = new Mask("secret");
  assert.equal(mask.text("aB3dE-fG4hI", "a"), "<backup code of a>");
  assert.equal(mask.text("aB3dE-fG", "a"), "aB3dE-fG");
  assert.equal(mask.text("2fa-abcdefghijklm_op-QR1", "b"), "<challenge of b>");
  const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA";
  const uri = (secret) => `otpauth://totp/A:b?secret=${secret}&digits=6`;
  assert.equal(mask.text(uri(key), "c"), uri("<TOTP key of c>"));
  assert.equal(mask.text(key, "d"), "<TOTP key of c>");
});

test("a trusted device names the user that its hash is for", () => {
  const mask = new Mask("secret");
  const identifier = `trust-device-${"a_-B".repeat(8)}`;
  const hash = createHmac("sha256", "secret").update(`${ONE}!${identifier}`).digest("base64url");
  assert.equal(mask.text(`${hash}!${identifier}`, "b"), "<trusted device of b> of NO USER");
  mask.text(ONE, "a");
  assert.equal(mask.text(`${hash}!${identifier}`, "b"), "<trusted device of b> of <id of a>");
});

test("differences are reported with their paths", () => {
  const body = (json) => step({ body: { json } });
  assert.deepEqual(differences(body({ a: 1, b: [] }), body({ a: 1, b: [] })), []);
  assert.deepEqual(differences(body({ a: 1 }), body({ a: 2 })), ["body.json.a: 1 -> 2"]);
  assert.deepEqual(differences(body({}), body({ a: null })), ["body.json.a: absent -> null"]);
  assert.deepEqual(differences(body([]), body({})), ["body.json: [] -> {}"]);
  assert.equal(differences(body({ a: 1, b: 2 }), body({ b: 2, a: 1 })).length, 1, "the order of keys differs");
  assert.notDeepEqual(differences(step({}), undefined), [], "a step that one side did not reach");
  assert.notDeepEqual(differences(step({}), { step: "stopped" }), [], "a side that stopped");
});

test("cookies are compared by name and in order", () => {
  const cookies = (...lines) => step({ cookies: lines.map(([name, value]) => ({ name, value })) });
  const [first, second] = [["a", "1"], ["b", "2"]];
  assert.deepEqual(differences(cookies(first, second), cookies(second)), ['cookies.a.value: "1" -> absent']);
  assert.deepEqual(differences(cookies(["a", ""], first), cookies(first)), ['cookies.a, 1 before.value: "" -> absent']);
  assert.deepEqual(differences(cookies(first), cookies(["a", ""])), ['cookies.a.value: "1" -> ""']);
  assert.equal(differences(cookies(first, second), cookies(second, first)).length, 1);
});

test("if the status differs, cookies and rows of Portcullis are reported too", () => {
  const refused = { status: 403, body: { json: { code: "NO" } } };
  const done = { cookies: [{ name: "a", value: "b" }], rows: { session: [] } };
  assert.deepEqual(differences(step(done), step(refused)), ["answer: 200 -> 403 NO"]);
  const both = differences(step({ status: 400, body: {} }), step(done));
  assert.deepEqual(both, ["answer: 400 -> 200", 'cookies.a.value: absent -> "b"', "rows.session: absent -> []"]);
});

test("a deviation matches its difference, is reported if unused, and needs a documented reason", () => {
  const deviations = new Deviations(
    "# a comment\n\nsign | GET | status: 1   # why\n | | never   # undocumented\n",
  );
  assert.equal(deviations.excuse("sign in", "GET /", "status: 1 -> 2"), true);
  assert.equal(deviations.excuse("sign in", "POST /", "status: 1 -> 2"), false);
  assert.deepEqual(deviations.unused(), [" | | never   # undocumented"]);
  assert.deepEqual(deviations.unexplained("\n| why | x |\n"), [" | | never   # undocumented"]);
  assert.throws(() => new Deviations("| |   # everything"));
  assert.throws(() => new Deviations("a | b | c"));
});
