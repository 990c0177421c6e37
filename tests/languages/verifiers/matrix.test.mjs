// Each library verifies JWTs of a running server, before, during and after a rotation of the keys. The results are the
// table in docs/guides/verifiers.md.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startSigner } from "./server.mjs";
import { ALGORITHMS, again, faulty, keyIdOf } from "./tokens.mjs";
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
  await signer.sign("EdDSA");
  await issue(old);
  pairs = [];
  for (const library of LIBRARIES)
    for (const algorithm of ALGORITHMS) {
      const place = path.join(folder, String(pairs.length));
      const command = await prepare(library, algorithm, signer.origin, place);
      pairs.push({ library, algorithm, command, verifier: new Verifier(command) });
    }
});
after(async () => {
  for (const { verifier } of pairs ?? []) await verifier.stop();
  await signer?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Makes a key of each algorithm, and a JWT that the server has signed with it. */
async function issue(issued) {
  for (const algorithm of ALGORITHMS) {
    await signer.rotate(algorithm);
    issued[algorithm] = await signer.sign(algorithm);
  }
}

const each = (act) => Promise.all(pairs.map(act));
const usable = (act) => Promise.all(pairs.filter(({ isSupported }) => isSupported).map(act));

test("before a rotation, the JWTs of the server are accepted if the library knows the algorithm", async () => {
  await each(async (pair) => {
    const { token, user } = old[pair.algorithm];
    pair.isSupported = (await pair.verifier.verify(token)) === `accepted ${user}`;
  });
  for (const library of LIBRARIES)
    assert.ok(pairs.some((pair) => pair.library === library && pair.isSupported), library.name);
});

test("JWTs with a fault are rejected", async () => {
  const keys = await signer.keys();
  await each(async ({ library, algorithm, verifier, isSupported }) => {
    const { token, user } = old[algorithm];
    const jwk = keys[keyIdOf(token)];
    const genuine = await verifier.verify(again(token, algorithm, jwk));
    assert.equal(genuine === `accepted ${user}`, isSupported, `${library.name}, ${algorithm}: ${genuine}`);
    for (const [fault, bad] of Object.entries(faulty(token, algorithm, jwk)))
      assert.equal(await verifier.verify(bad), "rejected", `${library.name}, ${algorithm}: ${fault}`);
  });
});

test("the keys are read a few times, not for each JWT", () => {
  assert.ok(signer.requests <= 4 * pairs.length, `${signer.requests} requests of ${pairs.length} verifiers`);
});

test("while a new key is announced, the JWTs of the old key are accepted", async () => {
  for (const algorithm of ALGORITHMS) await announce(algorithm);
  await usable(async ({ library, algorithm, verifier }) => {
    const { token, user } = old[algorithm];
    assert.equal(await verifier.verify(token), `accepted ${user}`, `${library.name}, ${algorithm}`);
  });
});

/** Announces a key right after each library has read the keys, and finds out whether it reads them again at once. */
async function announce(algorithm) {
  const { token, user } = old[algorithm];
  const concerned = pairs.filter((pair) => pair.isSupported && pair.algorithm === algorithm);
  const before = await signer.keys();
  const { "an unknown kid": unknown } = faulty(token, algorithm, before[keyIdOf(token)]);
  await Promise.all(concerned.map(({ verifier }) => verifier.verify(unknown)));

  await signer.rotate(algorithm, "--announce");
  const [[kid, jwk]] = Object.entries(await signer.keys()).filter(([id]) => !(id in before));
  const announced = again(token, algorithm, jwk, { kid });
  await Promise.all(
    concerned.map(async (pair) => {
      if ((await pair.verifier.verify(announced)) === `accepted ${user}`) pair.library.rereads = "at once";
    }),
  );
}

test("after a rotation, the JWTs of both keys are accepted", async () => {
  await issue(newer);
  for (const algorithm of ALGORITHMS)
    assert.notEqual(keyIdOf(newer[algorithm].token), keyIdOf(old[algorithm].token));
  await usable(accept);
  await usable(async ({ library, algorithm, verifier }) => {
    const { token, user } = old[algorithm];
    assert.equal(await verifier.verify(token), `accepted ${user}`, `${library.name}, ${algorithm}`);
  });
});

/** Waits until a library accepts a JWT of a key that was published after it had read the keys. */
async function accept(pair) {
  const { token, user } = newer[pair.algorithm];
  const isAccepted = async () => (await pair.verifier.verify(token)) === `accepted ${user}`;
  if (!(await isAccepted())) await sleep(PAUSE);
  if (await isAccepted()) return void (pair.library.rereads ??= "after 30 seconds at the latest");
  // The keys that it has read expire after five minutes. A new process has none.
  await pair.verifier.stop();
  pair.verifier = new Verifier(pair.command);
  assert.ok(await isAccepted(), `${pair.library.name}, ${pair.algorithm}`);
  pair.library.rereads ??= "after 5 minutes at the latest";
}

test("the table is what was found", async () => {
  const rows = await Promise.all(
    LIBRARIES.map(async (library) => {
      const known = pairs.filter((pair) => pair.library === library && pair.isSupported);
      const algorithms = known.map(({ algorithm }) => algorithm).join(", ");
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
