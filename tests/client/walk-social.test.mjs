// Sign-in with accounts of providers in a real browser: clicks on a front end and on the pages of simulated providers.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { Person } from "./support/person.mjs";
import { startProviders } from "./support/providers.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const noSession = { data: null, error: null };

let providers, server, site;
before(async () => {
  [providers, site] = await Promise.all([startProviders(), startSite()]);
  server = await startServer({
    trustedOrigins: [site.origin],
    configuration: providers.sections(["github", "google", "apple"]),
  });
});
after(() => Promise.all([server?.stop(), site?.stop(), providers?.stop()]));

/** Asserts that the client reported no error, and returns its data. */
function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Opens a browser for the walk, and asserts at its end that its pages had no problems. */
async function walking(walk) {
  const person = await Person.come(server, site);
  try {
    await walk(person);
    assert.deepEqual(person.tab.troubles, []);
  } finally {
    await person.leave();
  }
}

/** Lets a new person use the simulated providers. */
function newAccount() {
  const id = `${randomInt(1, 2 ** 47)}`;
  const account = { id, name: "Ada Lovelace", email: `${id}@example.com`, isVerified: true };
  providers.provider.become(account);
  return account;
}

/** Asserts that the browser has returned to the front end as the user of an account. */
async function assertArrived(person, { email }) {
  assert.equal((await person.returned()).search, "?arrived");
  assert.equal(dataOf(await person.sendHere("session")).user.email, email);
}

/** Asserts that the tab shows a page of a provider, which is on another site than the server. */
async function assertAtProvider({ tab }) {
  assert.equal(await tab.evaluate(() => location.origin), providers.origin);
}

/** Finds the button with this text. Runs in the page. */
function findButton(text) {
  return [...document.querySelectorAll("button")].find((button) => button.textContent === text);
}

const REDIRECTS = {
  GitHub: ["social", { provider: "github" }],
  Google: ["social", { provider: "google" }],
  "a provider that the deployment describes": ["oauth2", { providerId: "company" }],
};
for (const [name, [form, fields]] of Object.entries(REDIRECTS)) {
  test(`a user signs in with ${name}`, () =>
    walking(async (person) => {
      const account = newAccount();
      await person.depart(form, fields);
      await assertAtProvider(person);
      await person.tab.click("#agree");
      await assertArrived(person, account);
    }));
}

test("a user who cancels returns without a session", () =>
  walking(async (person) => {
    newAccount();
    await person.depart("social", { provider: "github" });
    await person.tab.click("#cancel");

    assert.equal((await person.returned()).search, "?failed&error=access_denied");
    assert.deepEqual(await person.sendHere("session"), noSession);
  }));

test("a user signs in with Apple, whose page posts the answer without the cookies of the server", () =>
  walking(async (person) => {
    const account = newAccount();
    const posts = await person.tab.posts();
    await person.depart("social", { provider: "apple" });
    await assertArrived(person, account);

    const [{ headers }, ...others] = posts().filter(({ url }) => url === `${server.origin}/api/auth/callback/apple`);
    assert.deepEqual([headers.Origin, headers.Cookie, others], [providers.origin, undefined, []]);
  }));

test("a signed-in user links an account", () =>
  walking(async (person) => {
    const account = newAccount();
    await person.depart("social", { provider: "github" });
    await person.tab.click("#agree");
    await assertArrived(person, account);

    await person.depart("link-social", { provider: "google" });
    await person.tab.click("#agree");

    await assertArrived(person, account);
    const accounts = dataOf(await person.sendHere("list-accounts"));
    assert.deepEqual(accounts.map(({ providerId }) => providerId).sort(), ["github", "google"]);
  }));

test("sign-ins in two tabs at the same time both finish", () =>
  walking(async (first) => {
    const second = await first.atAnotherTab();
    const accounts = [];
    for (const [person, provider] of [
      [first, "github"],
      [second, "google"],
    ]) {
      accounts.push(newAccount());
      await person.tab.show();
      await person.depart("social", { provider });
      await assertAtProvider(person);
    }

    for (const [index, person] of [first, second].entries()) {
      await person.tab.show();
      await person.tab.click("#agree");
      await assertArrived(person, accounts[index]);
    }
    assert.deepEqual(second.tab.troubles, []);
  }));

test("a developer signs in with the development provider, from the page at the root", () =>
  walking(async ({ tab }) => {
    await tab.open(`${server.origin}/`);
    await tab.follow("form button");
    assert.equal(await tab.evaluate(() => document.querySelector("h1").textContent), "Who are you?");

    await tab.follow(findButton, "Continue as Ada Lovelace (ada@example.com)");

    const page = await tab.evaluate(() => [location.href, document.body.textContent]);
    assert.equal(page[0], `${server.origin}/`);
    assert.match(page[1], /You are signed in as Ada Lovelace \(ada@example\.com\)/);
  }));

test("a front end offers the development provider, and the developer chooses who the user is", () =>
  walking(async (person) => {
    const email = `${randomInt(1e12)}@example.com`;
    await person.depart("social", { provider: "dev-oidc" });
    await person.tab.type("#name", "Grace");
    await person.tab.type("#email", email);
    await person.tab.click("[name=emailVerified][type=checkbox]");
    await person.tab.click(findButton, "Continue");

    await assertArrived(person, { email });
    const { user } = dataOf(await person.sendHere("session"));
    assert.deepEqual([user.name, user.emailVerified], ["Grace", false]);
    dataOf(await person.sendHere("sign-out"));
    await person.depart("social", { provider: "dev-oidc" });
    await person.tab.click(findButton, "Cancel");
    assert.equal((await person.returned()).search, "?failed&error=access_denied");
  }));
