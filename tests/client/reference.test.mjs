// The page that describes the routes, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
});
after(() => Promise.all([server?.stop(), browser?.stop()]));

/** Opens the description of a route, and returns the selector of its form. */
async function opened(tab, id) {
  const form = `#${id} form`;
  await tab.click(`#${id} summary`);
  await tab.until((form) => document.querySelector(form).checkVisibility(), form);
  return form;
}

/** Sends a form, and returns the answer that the page shows. */
async function sent(tab, form) {
  await tab.click(`${form} button`);
  return tab.until((form) => document.querySelector(`${form} output pre`)?.textContent, form);
}

test("the page loads nothing from other origins and sends requests to the server", async () => {
  const tab = await browser.newTab();
  await tab.open(`${server.origin}/api/auth/reference`);

  const session = await opened(tab, "getSession");
  assert.match(await sent(tab, session), /^200 OK\n[^]*\n\nnull$/);

  const signUp = await opened(tab, "signUpEmail");
  const example = await tab.evaluate((form) => document.querySelector(`${form} textarea`).value, signUp);
  assert.equal(JSON.parse(example).email, "ada@example.com");
  assert.match(await sent(tab, signUp), /^200 OK\n[^]*"email": "ada@example.com"/);

  await tab.evaluate((form) => document.querySelector(`${form} output`).replaceChildren(), session);
  assert.match(await sent(tab, session), /"email": "ada@example.com"/);

  const origins = await tab.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin),
  );
  assert.deepEqual([...new Set(origins)], [server.origin]);
  assert.deepEqual(tab.troubles, []);
});

test("the page can be read on a phone without scrolling to the side", async () => {
  const tab = await browser.newTab();
  await tab.becomePhone({ width: 360, height: 640, density: 3 });
  await tab.open(`${server.origin}/api/auth/reference`);
  await opened(tab, "signUpEmail");

  const { width, shown } = await tab.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    shown: innerWidth,
  }));
  assert.ok(width <= shown, `${width} CSS pixels on a screen of ${shown}`);
  assert.deepEqual(tab.troubles, []);
});

test("a link with the name of a route opens its description", async () => {
  const tab = await browser.newTab();
  await tab.open(`${server.origin}/api/auth/reference#signOut`);
  await tab.until(() => document.querySelector("#signOut").open);
});
