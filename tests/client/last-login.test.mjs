// The method of the last sign-in, with the official client's plugin in a browser.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { visit } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";
import { PASSWORD, dataOf, member } from "./support/visitor.mjs";

let server, site;
before(async () => {
  site = await startSite();
  server = await startServer({
    trustedOrigins: [site.origin],
    environment: {
      PORTCULLIS_PLUGINS__LAST_LOGIN_METHOD__ENABLED: "true",
      PORTCULLIS_PLUGINS__LAST_LOGIN_METHOD__STORE_IN_DATABASE: "true",
      PORTCULLIS_PLUGINS__USERNAME__ENABLED: "true",
    },
  });
});
after(() => Promise.all([server?.stop(), site?.stop()]));

/** Signs up, out, in by name and in by address, and lists what the client's plugin knows after each. Runs in the page. */
async function remember(auth, { number, password }) {
  const known = [auth.getLastUsedLoginMethod()];
  const note = () => known.push(auth.getLastUsedLoginMethod());
  const [email, username] = [`ada-${number}@example.com`, `ada_${number}`];
  const answers = [await auth.signUp.email({ name: "Ada", email, password, username })];
  note();
  answers.push(await auth.signOut());
  note();
  auth.clearLastUsedLoginMethod();
  note();
  answers.push(await auth.signIn.username({ username, password }));
  note();
  answers.push(await auth.signIn.email({ email, password }));
  note();
  const errors = answers.map(({ error }) => error).filter(Boolean);
  return { known, errors, is: [auth.isLastUsedLoginMethod("email"), auth.isLastUsedLoginMethod("google")] };
}

test("a page knows how the user signed in last, also after the sign-out", async () => {
  const { known, errors, is } = await visit(
    site,
    `import { createAuthClient } from "better-auth/client";
     import { lastLoginMethodClient, usernameClient } from "better-auth/client/plugins";
     const plugins = [lastLoginMethodClient(), usernameClient()];
     const auth = createAuthClient({ baseURL: ${JSON.stringify(server.origin)}, plugins });
     report(await (${remember})(auth, ${JSON.stringify({ number: randomInt(1e9), password: PASSWORD })}));`,
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(known, [null, "email", "email", null, null, "email"]);
  assert.deepEqual(is, [true, false]);
});

test("the cookie can be read by pages, lasts thirty days, and the method is in the user's row", async () => {
  const { auth, jar } = await member(server);
  const { value, attributes } = jar.cookie("better-auth.last_used_login_method");
  assert.deepEqual([value, attributes], ["email", { "max-age": "2592000", path: "/", samesite: "Lax" }]);
  assert.equal(dataOf(await auth.getSession()).user.lastLoginMethod, "email");
});
