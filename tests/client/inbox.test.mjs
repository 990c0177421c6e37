// The development inbox, on a phone and with hostile messages.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { Person } from "./support/person.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const HOSTILE = "<img src=x onerror=alert(1)>";
const PASSWORD = "correct horse battery";
const MIN_TARGET = 44;
const MIN_CONTRAST = 4.5;

let server, site, person, to;
before(async () => {
  site = await startSite();
  server = await startServer({
    trustedOrigins: [site.origin],
    environment: { PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP: "true", PORTCULLIS_APP_NAME: HOSTILE },
  });
  person = await Person.come(server, site);
  to = `${randomUUID()}${"-long".repeat(5)}@${`${"n".repeat(60)}.`.repeat(2)}example.com`;
  const { error } = await person.send("sign-up", { name: HOSTILE, email: to, password: PASSWORD });
  assert.equal(error, null);
  await person.followMail("verify-email", to);
  await person.send("forget", { email: to });
  await person.lookFor("reset-password", to);
  await person.tab.becomePhone({ width: 360, height: 640, density: 3 });
});
after(() => Promise.all([person?.leave(), server?.stop(), site?.stop()]));

async function openInbox() {
  await person.tab.open(`${server.origin}/dev/inbox`);
  return person.tab;
}

/** Opens the text of every message, and returns the texts. */
async function readAll(tab) {
  const count = await tab.evaluate(() => document.querySelectorAll("summary").length);
  for (let index = 0; index < count; index += 1)
    await tab.click((index) => document.querySelectorAll("summary")[index], index);
  return tab.evaluate(() => Array.from(document.querySelectorAll("details[open] pre"), (text) => text.innerText));
}

test("the page forbids framing, caching, content sniffing and scripts", async () => {
  const { status, headers } = await fetch(`${server.origin}/dev/inbox`);

  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  const policy = headers.get("content-security-policy");
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; /);
  assert.match(policy, /frame-ancestors 'none'/);
});

test("the newest message comes first", async () => {
  const tab = await openInbox();

  const listed = await tab.evaluate(() =>
    Array.from(document.querySelectorAll("li"), (message) => [
      message.dataset.kind,
      message.querySelector(".to").innerText,
      message.querySelector("time").dateTime,
    ]),
  );

  assert.deepEqual(
    listed.map(([kind, recipient]) => [kind, recipient]),
    [
      ["reset-password", `To ${to}`],
      ["verify-email", `To ${to}`],
    ],
  );
  assert.ok(listed[0][2] > listed[1][2], `${listed[0][2]} is after ${listed[1][2]}`);
});

test("nothing is wider than the screen of a phone, even with all messages open", async () => {
  const tab = await openInbox();
  await readAll(tab);

  const { innerWidth, scrollWidth, outside } = await tab.evaluate(() => ({
    innerWidth,
    scrollWidth: document.scrollingElement.scrollWidth,
    outside: Array.from(document.querySelectorAll("main *"))
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map(({ outerHTML }) => outerHTML),
  }));

  assert.equal(innerWidth, 360);
  assert.ok(scrollWidth <= innerWidth, `${scrollWidth} is wider than ${innerWidth}`);
  assert.deepEqual(outside, []);
});

test("every tap target is at least 44 pixels wide and high", async () => {
  const tab = await openInbox();

  const sizes = await tab.evaluate(() =>
    Array.from(document.querySelectorAll("a, summary"), (target) => {
      const { width, height } = target.getBoundingClientRect();
      return [target.innerText, width, height];
    }),
  );

  assert.equal(sizes.length, 5);
  for (const [text, width, height] of sizes)
    assert.ok(width >= MIN_TARGET && height >= MIN_TARGET, `${text} is ${width} by ${height}`);
});

test("markup in a message is shown as text, and a user name with markup is not shown", async () => {
  const tab = await openInbox();

  const texts = await readAll(tab);

  const titles = await tab.evaluate(() => Array.from(document.querySelectorAll("h2"), (title) => title.innerText));
  assert.deepEqual(titles, [`Set a new password – ${HOSTILE}`, `Confirm your e-mail address – ${HOSTILE}`]);
  for (const text of texts) {
    assert.ok(text.startsWith("Hello,\n"), text);
    assert.ok(text.includes(` at ${HOSTILE}`), text);
  }
  assert.equal(await tab.evaluate(() => document.querySelectorAll("img, script").length), 0);
  assert.deepEqual(tab.troubles, []);
});

test("tapping a link leads to its callback URL", async () => {
  const paths = [];
  for (const index of [0, 1]) {
    const tab = await openInbox();
    const href = await tab.evaluate((index) => document.querySelectorAll("a.follow")[index].href, index);
    assert.ok(href.startsWith(`${server.origin}/api/auth/`), href);
    await tab.tap((index) => document.querySelectorAll("a.follow")[index], index);
    const { origin, pathname, searchParams } = new URL(await tab.evaluate(() => location.href));
    assert.equal(origin, site.origin);
    paths.push([pathname, [...searchParams.keys()]]);
  }
  assert.deepEqual(paths, [
    ["/", ["reset", "token"]],
    ["/", ["verified"]],
  ]);
});

/** The lowest WCAG contrast of a text with its background, and the page's luminance. Runs in the page. */
function leastContrast() {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    const colour = channels(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? background(element.parentElement) : colour;
  };
  const contrasts = Array.from(document.querySelectorAll("h1, h2, p, span, time, a, summary, pre"), (element) => {
    const [text, behind] = [channels(getComputedStyle(element).color), background(element)].map(luminance);
    return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
  });
  return { least: Math.min(...contrasts), page: luminance(background(document.body)) };
}

test("the page is readable in light and dark mode", async () => {
  const pages = {};
  for (const scheme of ["light", "dark"]) {
    const tab = await openInbox();
    await tab.prefer(scheme);
    const { least, page } = await tab.evaluate(leastContrast);
    assert.ok(least >= MIN_CONTRAST, `${scheme}: the contrast is ${least}`);
    pages[scheme] = page;
  }
  assert.ok(pages.light > 0.8 && pages.dark < 0.05, JSON.stringify(pages));
});
