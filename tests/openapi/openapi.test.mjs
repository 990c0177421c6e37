// The OpenAPI document of a server with every feature: an independent validator, generated requests, a generated client.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { startServer } from "../client/support/server.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const tools = fileURLToPath(new URL("../../target/openapi/bin/", import.meta.url));
const generated = `${folder}generated`;
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
];
/** Routes that end the session of the run, or its user. */
const ENDS = "^/(sign-out|revoke-.*|delete-user|change-password|two-factor/disable)$";
const plugins = ["BEARER", "EXPO", "FORWARD_AUTH", "INTROSPECTION", "JWT", "OPEN_API", "TWO_FACTOR", "USERNAME"];

const SERVICE_SECRET = "Vt6xQm2RkZp9sWc4yLh8NbJ3fGd7TaEu";

let server, base;
before(async () => {
  server = await startServer({
    environment: {
      ...Object.fromEntries(plugins.map((plugin) => [`PORTCULLIS_PLUGINS__${plugin}__ENABLED`, "true"])),
      // Texts that are too long must fit into a URL of 64 KiB. The HTTP parser rejects a longer one before any route.
      PORTCULLIS_LIMITS__TEXT: "512",
      PORTCULLIS_LIMITS__URL: "512",
      PORTCULLIS_CLIENTS__API__SECRET: SERVICE_SECRET,
      PORTCULLIS_RATE_LIMIT__ENABLED: "false",
      PORTCULLIS_USER__CHANGE_EMAIL__ENABLED: "true",
      PORTCULLIS_USER__DELETE_USER__ENABLED: "true",
    },
  });
  base = `${server.origin}/api/auth`;
  const answer = await fetch(`${base}/open-api/generate-schema`);
  await mkdir(generated, { recursive: true });
  await writeFile(`${generated}/openapi.json`, await answer.text());
});
after(() => server?.stop());

/** Runs a program and returns its exit status and its output. */
async function run(program, ...args) {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [status] = await once(child, "close");
  return { status, output };
}

/** Runs a program that must succeed. */
async function succeed(program, ...args) {
  const { status, output } = await run(program, ...args);
  assert.equal(status, 0, output);
  return output;
}

/** Sends generated requests, the same in every run, and compares the answers with the document. */
function generatedRequests(...args) {
  return succeed(
    `${tools}schemathesis`,
    ...["run", `${base}/open-api/generate-schema`, "--checks", CHECKS.join(",")],
    ...["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1"],
    ...["--generation-database", "none", "--max-redirects", "0", "--warnings", "off", ...args],
  );
}

/** Signs a user up, and returns the signed session token. */
async function signedUp(email) {
  const answer = await fetch(`${base}/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Ada", email, password: "correct horse battery" }),
  });
  assert.equal(answer.status, 200, await answer.text());
  return answer.headers.get("set-auth-token");
}

test("the document is valid OpenAPI 3.1", async () => {
  await succeed(`${tools}openapi-spec-validator`, "--schema", "3.1", `${generated}/openapi.json`);
});

test("answers to generated requests without a session match the document", async () => {
  // Its errors 401 have a body, except the one of the session. OpenAPI has one entry for all of them.
  const output = await generatedRequests("--exclude-path-regex", "/link-social$");
  assert.match(output, /No issues found/, output);
});

test("answers to generated requests with a session match the document", async () => {
  const token = await signedUp("tester@example.com");
  const authorization = `authorization: Bearer ${token}`;
  const output = await generatedRequests("-H", authorization, "--exclude-path-regex", ENDS);
  assert.match(output, /No issues found/, output);
  const session = await fetch(`${base}/get-session`, { headers: { authorization: `Bearer ${token}` } });
  assert.notEqual(await session.json(), null, "the session has ended during the run");
});

test("answers to generated requests of a service match the document", async () => {
  const credentials = Buffer.from(`api:${SERVICE_SECRET}`).toString("base64");
  const service = ["-H", `authorization: Basic ${credentials}`, "--include-path-regex", "^/oauth2/"];
  const output = await generatedRequests(...service);
  assert.match(output, /No issues found/, output);
});

test("a generated client signs up, reads its session and reports errors", async () => {
  const binaries = `${folder}node_modules/.bin/`;
  await succeed(`${binaries}openapi-typescript`, `${generated}/openapi.json`, "-o", `${generated}/schema.d.ts`);
  await succeed(`${binaries}tsc`, "-p", "tsconfig.json");

  const { signInWithWrongPassword, signUp } = await import("./client.mjs");
  const email = "generated@example.com";
  assert.deepEqual(await signUp(base, email), { signedUp: email, signedIn: email });
  assert.equal(await signInWithWrongPassword(base, email), "INVALID_EMAIL_OR_PASSWORD");
});

test("the types of the generated client reject a body without a required member", async () => {
  const config = { extends: "../tsconfig.json", files: ["../mistake.mjs"] };
  await writeFile(`${generated}/tsconfig.json`, JSON.stringify(config));
  const { status, output } = await run(`${folder}node_modules/.bin/tsc`, "-p", `${generated}/tsconfig.json`);
  assert.notEqual(status, 0);
  assert.match(output, /password/, output);
});
