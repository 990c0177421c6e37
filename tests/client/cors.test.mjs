// A front end on another origin than the server, in a real browser.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { visit } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const PASSWORD = "correct horse battery";

let server, trusted, untrusted;
before(async () => {
  [trusted, untrusted] = await Promise.all([startSite(), startSite()]);
  server = await startServer({ trustedOrigins: [trusted.origin] });
});
after(() => Promise.all([server?.stop(), trusted?.stop(), untrusted?.stop()]));

/** The script of a page that creates a client, calls `act` with it and `person`, and reports the returned value. */
function page(act, person) {
  return `
    import { createAuthClient } from "better-auth/client";
    const auth = createAuthClient({ baseURL: ${JSON.stringify(server.origin)} });
    const act = ${act};
    report(await act(auth, ${JSON.stringify(person)}));`;
}

function newcomer() {
  return { name: "Ada", email: `${randomUUID()}@example.com`, password: PASSWORD };
}

function post(path, body) {
  return fetch(`${server.origin}/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify(body),
  });
}

test("a page of a trusted origin can sign up, sign out, sign in and read the session", async () => {
  const person = newcomer();

  const reported = await visit(
    trusted,
    page(async (auth, { name, email, password }) => {
      const signedUp = await auth.signUp.email({ name, email, password });
      const first = await auth.getSession();
      const signedOut = await auth.signOut();
      const none = await auth.getSession();
      const refused = await auth.signIn.email({ email, password: "a wrong password" });
      const signedIn = await auth.signIn.email({ email, password });
      const second = await auth.getSession();
      return {
        signedUp: signedUp.data.token === first.data.session.token,
        createdAt: first.data.user.createdAt instanceof Date,
        signedOut: signedOut.data,
        none,
        refused: refused.error,
        signedIn: signedIn.data.token === second.data.session.token,
        email: second.data.user.email,
        script: document.cookie,
      };
    }, person),
  );

  assert.deepEqual(reported, {
    signedUp: true,
    createdAt: true,
    signedOut: { success: true },
    none: { data: null, error: null },
    refused: {
      status: 401,
      statusText: "Unauthorized",
      code: "INVALID_EMAIL_OR_PASSWORD",
      message: "Invalid email or password",
    },
    signedIn: true,
    email: person.email,
    script: "",
  });
});

test("the client's session store follows a sign-up and a sign-out", async () => {
  const person = newcomer();

  const reported = await visit(
    trusted,
    page(async (auth, person) => {
      const seen = [];
      const until = (count) =>
        new Promise((resolve) => {
          const stop = auth.useSession.subscribe(({ data, isPending }) => {
            const email = data?.user.email ?? null;
            if (!isPending && seen.at(-1) !== email) seen.push(email);
            if (seen.length === count) setTimeout(() => resolve(stop()));
          });
        });
      await until(1);
      await auth.signUp.email(person);
      await until(2);
      await auth.signOut();
      await until(3);
      return seen;
    }, person),
  );

  assert.deepEqual(reported, [null, person.email, null]);
});

test("a page of an untrusted origin is rejected and creates no user", async () => {
  const person = newcomer();

  const reported = await visit(
    untrusted,
    page(async (auth, { name, email, password }) => {
      const outcome = (promise) => promise.then(({ data }) => ({ data }), (error) => error.name);
      return [await outcome(auth.signUp.email({ name, email, password })), await outcome(auth.getSession())];
    }, person),
  );

  assert.deepEqual(reported, ["TypeError", "TypeError"]);
  const { email, password } = person;
  assert.equal((await post("/sign-in/email", { email, password })).status, 401);
});

test("only a trusted origin gets CORS headers", async () => {
  const ask = (origin) =>
    fetch(`${server.origin}/api/auth/sign-in/email`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });

  const { headers } = await ask(trusted.origin);
  assert.equal(headers.get("access-control-allow-origin"), trusted.origin);
  assert.equal(headers.get("access-control-allow-credentials"), "true");
  assert.match(headers.get("access-control-allow-methods"), /\bPOST\b/);
  assert.match(headers.get("access-control-allow-headers"), /\bcontent-type\b/i);
  assert.match(headers.get("vary"), /\borigin\b/i);

  const other = await ask(untrusted.origin);
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  assert.equal(other.headers.get("access-control-allow-credentials"), null);
});
