// Each library verifies JWTs of a running server, before, during and after a rotation of the keys. The results are the
// table in docs/guides/verifiers.md.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { AUDIENCES, OTHERS, startSigner } from "./server.mjs";
import { again, faulty, keyIdOf } from "./tokens.mjs";
import { LIBRARIES, Verifier, prepare } from "./verifiers.mjs";

const PAGE = new URL("../../../docs/guides/verifiers.md", import.meta.url);
const TABLE = /(<!-- made by [^>]*-->\n\n).*?(?=<!-- end -->)/s;
/** The longest pause of a library between two requests for the keys, in milliseconds. */
const PAUSE = 31_000;

let signer, folder, pairs;
const old = {};
const newer = {};
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-verifiers-"));
  signer = await startSigner();
  await issue(old);
  pairs = [];
  for (const library of LIBRARIES)
    for (const { audience, algorithm } of AUDIENCES) {
      const place = path.join(folder, String(pairs.length));
      const command = await prepare(library, { audience, algorithm }, signer.origin, place);
      const name = `${library.name}, ${algorithm}, ${audience}`;
      pairs.push({ name, library, audience, algorithm, command, verifier: new Verifier(command) });
    }
});
after(async () => {
  for (const { verifier } of pairs ?? []) await verifier.stop();
  await signer?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Lets the server sign a JWT for each audience. */
async function issue(issued) {
  for (const { audience } of [...AUDIENCES, ...OTHERS]) issued[audience] = await signer.sign(audience);
}

const each = (act) => Promise.all(pairs.map(act));
const usable = (act) => Promise.all(pairs.filter(({ isSupported }) => isSupported).map(act));

test("before a rotation, the JWTs of the server are accepted if the library knows the algorithm", async () => {
  await each(async (pair) => {
    const { token, user } = old[pair.audience];
    pair.isSupported = (await pair.verifier.verify(token)) === `accepted ${user}`;
  });
  for (const library of LIBRARIES) {
    const known = pairs.filter((pair) => pair.library === library && pair.isSupported);
    assert.ok(known.length > 0, library.name);
    // The first audience is that of default tokens. Both kinds of tokens are signed with the same key.
    const withEdDsa = known.filter(({ algorithm }) => algorithm === "EdDSA");
    assert.ok([0, 2].includes(withEdDsa.length), `${library.name}: either default tokens or those for an audience`);
  }
});

test("JWTs with a fault are rejected", async () => {
  const keys = await signer.keys();
  await each(async ({ name, audience, algorithm, verifier, isSupported }) => {
    const { token, user } = old[audience];
    const jwk = keys[keyIdOf(token)];
    const genuine = await verifier.verify(again(token, algorithm, jwk));
    assert.equal(genuine === `accepted ${user}`, isSupported, `${name}: ${genuine}`);
    for (const [fault, bad] of Object.entries(faulty(token, algorithm, jwk)))
      assert.equal(await verifier.verify(bad), "rejected", `${name}: ${fault}`);
  });
});

test("the server's own JWTs for other audiences are rejected, also if the same key has signed them", async () => {
  await each(async ({ name, audience, algorithm, verifier }) => {
    const signed = [...AUDIENCES, ...OTHERS].filter((other) => other.algorithm === algorithm);
    const others = signed.filter((other) => other.audience !== audience);
    assert.ok(others.length > 0);
    for (const other of others) {
      const { token } = old[other.audience];
      assert.equal(keyIdOf(token), keyIdOf(old[audience].token));
      assert.equal(await verifier.verify(token), "rejected", `${name}: ${other.audience}`);
    }
  });
});

test("the keys are read a few times, not for each JWT", () => {
  assert.ok(signer.requests <= 4 * pairs.length, `${signer.requests} requests of ${pairs.length} verifiers`);
});

test("a library reads the keys again for each unknown one, or pauses", async () => {
  const keys = await signer.keys();
  for (const { audience, algorithm, verifier, library } of pairs.filter(({ isSupported }) => isSupported)) {
    const { token } = old[audience];
    const { "an unknown kid": unknown } = faulty(token, algorithm, keys[keyIdOf(token)]);
    await verifier.verify(unknown);
    const before = signer.requests;
    await verifier.verify(unknown);
    if (signer.requests > before) library.rereads = "at once";
  }
});

test("while a new key is announced, the JWTs of the old key are accepted", async () => {
  const announced = await signer.rotate("--announce");
  const keys = await signer.keys();
  await usable(async ({ name, audience, algorithm, verifier, library }) => {
    const { token, user } = old[audience];
    const kid = announced[algorithm];
    const early = await verifier.verify(again(token, algorithm, keys[kid], { kid }));
    if (library.rereads) assert.equal(early, `accepted ${user}`, name);
    assert.equal(await verifier.verify(token), `accepted ${user}`, name);
  });
});

test("after a rotation, the JWTs of both keys are accepted", async () => {
  await signer.rotate();
  await signer.start();
  await issue(newer);
  for (const { audience } of AUDIENCES)
    assert.notEqual(keyIdOf(newer[audience].token), keyIdOf(old[audience].token));
  await usable(accept);
  await usable(async ({ name, audience, verifier }) => {
    const { token, user } = old[audience];
    assert.equal(await verifier.verify(token), `accepted ${user}`, name);
  });
});

/** Waits until a library accepts a JWT of a key that was published after it had read the keys. */
async function accept(pair) {
  const { token, user } = newer[pair.audience];
  const isAccepted = async () => (await pair.verifier.verify(token)) === `accepted ${user}`;
  if (!(await isAccepted())) await sleep(PAUSE);
  if (await isAccepted()) return void (pair.library.rereads ??= "after 30 seconds at the latest");
  // The keys that it has read expire after five minutes. A new process has none.
  await pair.verifier.stop();
  pair.verifier = new Verifier(pair.command);
  assert.ok(await isAccepted(), pair.name);
  pair.library.rereads ??= "after 5 minutes at the latest";
}

test("the table is what was found", async () => {
  const rows = await Promise.all(
    LIBRARIES.map(async (library) => {
      const known = pairs.filter((pair) => pair.library === library && pair.isSupported);
      const algorithms = [...new Set(known.map(({ algorithm }) => algorithm))].join(", ");
      const link = `[code](${library.code ?? `${library.page}#verify-a-jwt`})`;
      const cells = [library.name, library.language, await library.version(), algorithms, library.rereads, link];
      return `| ${cells.join(" | ")} |\n`;
    }),
  );
  const head = "| library | language | version | algorithms | accepts a new key | |\n";
  const table = `${head}| --- | --- | --- | --- | --- | --- |\n${rows.join("")}\n`;
  const page = await readFile(PAGE, "utf8");
  const renewed = page.replace(TABLE, (_, start) => start + table);
  if (process.env.UPDATE_DOCS) await writeFile(PAGE, renewed);
  else assert.equal(page, renewed, "renew the table: UPDATE_DOCS=1 tests/languages/verifiers/run");
});
