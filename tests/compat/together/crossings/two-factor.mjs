// User names and the second factor, begun at one server and completed at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Authenticator } from "../../../support/authenticator.mjs";
import { CHALLENGE, PASSWORD, TRUST, header } from "../../support/two-factor.mjs";
import { WAYS } from "../pair.mjs";

const CHALLENGED = '{"twoFactorRedirect":true}';

/** @param start starts both servers with a profile, as `startPair` does */
export function twoFactor(start) {
  let pair;
  before(async () => {
    pair = await start("shared-two-factor");
  });
  after(() => pair.stop());

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  const verify = async (client, app) => client.post("/two-factor/verify-totp", { code: await app.next() });

  /** Enrols a new user at a server. */
  async function enrolled(name, where, body) {
    const client = pair.at(where);
    bodyOf(await client.signUp(name, { body }));
    const { totpURI, backupCodes } = bodyOf(await client.post("/two-factor/enable", { password: PASSWORD }));
    const app = new Authenticator(totpURI);
    bodyOf(await verify(client, app));
    return { client, app, backupCodes };
  }

  /** A new browser that has been asked for the second factor at a server. */
  async function challenged(name, where) {
    const client = pair.at(where);
    assert.equal((await client.signIn(name)).text, CHALLENGED);
    return client;
  }

  async function assertSignedIn(client, name) {
    assert.equal(bodyOf(await client.get("/get-session")).user.name, name);
  }

  for (const [here, there] of WAYS) {
    test(`a user enrolled at ${here} signs in with the app at ${there}`, async () => {
      const name = `app-${here}`;
      const { app } = await enrolled(name, here);
      const client = await challenged(name, there);
      bodyOf(await verify(client, app));
      await assertSignedIn(pair.moved(client, here), name);
    });

    test(`an enrolment that begins at ${here} is confirmed at ${there}`, async () => {
      const name = `confirm-${here}`;
      const client = pair.at(here);
      bodyOf(await client.signUp(name));
      const { totpURI } = bodyOf(await client.post("/two-factor/enable", { password: PASSWORD }));
      const other = pair.moved(client, there);
      bodyOf(await verify(other, new Authenticator(totpURI)));
      assert.equal(bodyOf(await pair.moved(other, here).get("/get-session")).user.twoFactorEnabled, true);
      assert.equal((await client.get("/get-session")).text, "null", "the old session is gone");
      await challenged(name, here);
    });

    test(`a challenge of ${here} is answered at ${there}`, async () => {
      const name = `challenge-${here}`;
      const { app } = await enrolled(name, here);
      const client = await challenged(name, here);
      const cookie = header(client.jar());
      const other = pair.moved(client, there);
      assert.equal((await other.get("/get-session")).text, "null");
      bodyOf(await verify(other, app));
      assert.ok(!other.jar().has(CHALLENGE));
      await assertSignedIn(pair.moved(other, here), name);
      for (const where of [here, there]) {
        const again = { jar: null, headers: { cookie } };
        const answer = await pair.at(where).post("/two-factor/verify-totp", { code: "123456" }, again);
        assert.equal(answer.json().code, "INVALID_TWO_FACTOR_COOKIE", `again at ${where}`);
      }
    });

    test(`a code by message of ${here} is accepted at ${there}`, async () => {
      const name = `message-${here}`;
      await enrolled(name, here);
      const client = await challenged(name, here);
      bodyOf(await client.post("/two-factor/send-otp"));
      const { code } = await pair.message(`${name}@example.com`);
      const other = pair.moved(client, there);
      assert.equal((await other.post("/two-factor/verify-otp", { code: "abcdef" })).json().code, "INVALID_CODE");
      bodyOf(await other.post("/two-factor/verify-otp", { code }));
      await assertSignedIn(pair.moved(other, here), name);
    });

    test(`both count the wrong answers to a code of ${here}`, async () => {
      const name = `attempts-${here}`;
      await enrolled(name, here);
      const client = await challenged(name, here);
      bodyOf(await client.post("/two-factor/send-otp"));
      const { code } = await pair.message(`${name}@example.com`);
      const codes = [];
      for (const where of [here, there, here, there, here, there]) {
        const wrong = codes.length < 5 ? "abcdef" : code;
        codes.push((await pair.moved(client, where).post("/two-factor/verify-otp", { code: wrong })).json().code);
      }
      assert.deepEqual(codes, [...Array(5).fill("INVALID_CODE"), "TOO_MANY_ATTEMPTS_PLEASE_REQUEST_A_NEW_CODE"]);
    });

    test(`backup codes of ${here} are used at both servers, each once`, async () => {
      const name = `backup-${here}`;
      const { backupCodes } = await enrolled(name, here);
      const use = async (code, where) => {
        const client = await challenged(name, where);
        return client.post("/two-factor/verify-backup-code", { code });
      };
      for (const [index, where] of [there, here, there].entries()) bodyOf(await use(backupCodes[index], where));
      for (const where of [here, there])
        for (const index of [0, 1, 2])
          assert.equal((await use(backupCodes[index], where)).json().code, "INVALID_BACKUP_CODE");
    });

    test(`backup codes that are generated at ${there} replace those of ${here}`, async () => {
      const name = `generate-${here}`;
      const old = await enrolled(name, here);
      const route = "/two-factor/generate-backup-codes";
      const { backupCodes } = bodyOf(await pair.moved(old.client, there).post(route, { password: PASSWORD }));
      const client = await challenged(name, here);
      const verifyCode = (code) => client.post("/two-factor/verify-backup-code", { code });
      assert.equal((await verifyCode(old.backupCodes[0])).json().code, "INVALID_BACKUP_CODE");
      bodyOf(await verifyCode(backupCodes[0]));
    });

    test(`a device that is trusted at ${here} is trusted at ${there}`, async () => {
      const name = `trust-${here}`;
      const { app } = await enrolled(name, here);
      const client = await challenged(name, here);
      bodyOf(await client.post("/two-factor/verify-totp", { code: await app.next(), trustDevice: true }));
      const first = client.jar().get(TRUST);

      let device = client;
      for (const where of [there, here, there]) {
        device = pair.moved(device, where);
        assert.equal(bodyOf(await device.signIn(name)).user.name, name);
      }
      assert.notEqual(device.jar().get(TRUST), first);
      for (const where of [here, there]) {
        const copy = pair.at(where);
        copy.jar().set(TRUST, first);
        assert.equal((await copy.signIn(name)).text, CHALLENGED, `the first cookie at ${where}`);
      }
    });

    test(`the second factor of ${here} is disabled at ${there}`, async () => {
      const name = `disable-${here}`;
      const { client } = await enrolled(name, here);
      const other = pair.moved(client, there);
      bodyOf(await other.post("/two-factor/disable", { password: PASSWORD }));
      await assertSignedIn(pair.moved(other, here), name);
      for (const where of [here, there]) assert.equal(bodyOf(await pair.at(where).signIn(name)).user.name, name);
    });

    test(`the URI of ${here} is returned at ${there}`, async () => {
      const { client, app } = await enrolled(`uri-${here}`, here);
      const answer = await pair.moved(client, there).post("/two-factor/get-totp-uri", { password: PASSWORD });
      const { totpURI } = bodyOf(answer);
      assert.equal(new Authenticator(totpURI).secret, app.secret);
    });

    test(`a name taken at ${here} signs in at ${there}, and is taken there`, async () => {
      const name = `named-${here}`;
      const username = `Named.${here}`;
      bodyOf(await pair.at(here).signUp(name, { body: { username } }));
      const client = pair.at(there);
      const body = { username: username.toUpperCase(), password: PASSWORD };
      const { user } = bodyOf(await client.post("/sign-in/username", body));
      assert.deepEqual([user.username, user.displayUsername], [username.toLowerCase(), username]);
      assert.deepEqual(bodyOf(await client.post("/is-username-available", { username })), { available: false });
      assert.equal((await client.signUp(`other-${here}`, { body: { username: username.toLowerCase() } })).status, 400);

      bodyOf(await client.post("/update-user", { username: `Renamed.${here}` }));
      const { user: renamed } = bodyOf(await pair.moved(client, here).get("/get-session"));
      assert.equal(renamed.username, `renamed.${here}`);
    });

    test(`a sign-in by name at ${there} is challenged for a user of ${here}`, async () => {
      const name = `both-${here}`;
      const { app } = await enrolled(name, here, { username: name.replace("-", "_") });
      const client = pair.at(there);
      const body = { username: name.replace("-", "_"), password: PASSWORD };
      assert.equal((await client.post("/sign-in/username", body)).text, CHALLENGED);
      bodyOf(await verify(pair.moved(client, here), app));
    });
  }

  test("of several requests that use one backup code at once at both servers, one succeeds", async () => {
    for (let round = 0; round < 3; round += 1) {
      const name = `once-${round}`;
      const { backupCodes } = await enrolled(name, round % 2 ? "ours" : "reference");
      const clients = [];
      for (let index = 0; index < 6; index += 1) clients.push(await challenged(name, index % 2 ? "ours" : "reference"));
      const use = (client) => client.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
      const answers = await Promise.all(clients.map(use));
      const texts = answers.map(({ text }) => text).join("\n");
      assert.equal(answers.filter(({ status }) => status === 200).length, 1, texts);
    }
  });
}
