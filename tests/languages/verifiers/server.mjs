// A server with audiences of all algorithms, behind an address that stays the same when the server starts again.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { startServer } from "../../client/support/server.mjs";
import { startPostgres } from "../../support/postgres.mjs";
import { jwtOf, signUp } from "../support/people.mjs";
import { ALGORITHMS } from "./tokens.mjs";

/** The audience of default tokens. */
const DEFAULT = "https://default.example.com";
const audience = (name, algorithm) => ({ audience: `https://${name}-${algorithm.toLowerCase()}.example.com`, algorithm });
/** The audiences of the verifiers: that of default tokens, and one for each algorithm. */
export const AUDIENCES = [{ audience: DEFAULT, algorithm: "EdDSA" }, ...ALGORITHMS.map((name) => audience("api", name))];
/** Further audiences, whose tokens no verifier accepts. */
export const OTHERS = ALGORITHMS.map((name) => audience("other", name));

/** Starts PostgreSQL, a front whose address stays the same, and a server behind it with a user. */
export async function startSigner() {
  const postgres = await startPostgres();
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-signer-"));
  const state = { target: null, requests: 0 };
  const front = http.createServer((request, response) => pass(state, request, response)).listen(0, "127.0.0.1");
  await once(front, "listening");
  const signer = new Signer(postgres, folder, state, front);
  await signer.start();
  return signer;
}

class Signer {
  #postgres;
  #folder;
  #state;
  #front;
  #server;
  #user;

  constructor(postgres, folder, state, front) {
    [this.#postgres, this.#folder, this.#state, this.#front] = [postgres, folder, state, front];
    this.origin = `http://localhost:${front.address().port}`;
  }

  /** How often the keys were read. */
  get requests() {
    return this.#state.requests;
  }

  /** Starts the server, or starts it again: then it signs with the newest keys at once. */
  async start() {
    await this.#server?.stop();
    this.#server = await startServer({
      environment: this.#environment(),
      start: (port) => ({ variables: { PORTCULLIS_BIND: `127.0.0.1:${port}` }, options: ["serve"] }),
    });
    this.#state.target = this.#server.origin;
    this.#user ??= await signUp(this.#server);
  }

  /** Makes a new key of each algorithm, with further options of `keys rotate`. Returns their ids, by algorithm. */
  async rotate(...options) {
    const printed = await this.#run(["keys", "rotate", ...options]);
    return Object.fromEntries(printed.trim().split("\n").map((line) => line.split(" ").reverse()));
  }

  /** Returns a JWT for an audience. */
  async sign(audience) {
    const token = await jwtOf(this.#server, this.#user, audience === DEFAULT ? undefined : audience);
    return { token, user: this.#user.user.id };
  }

  /** The private keys, by their ids. */
  async keys() {
    const query = 'SELECT json_object_agg("id", "privateKey"::json) FROM "jwks"';
    return JSON.parse(await this.#run(["psql", "-At", "-c", query]));
  }

  async #run(options) {
    const env = { ...process.env, ...this.#environment(), PORTCULLIS_BIND: "127.0.0.1:0" };
    return (await promisify(execFile)(process.env.PORTCULLIS_BIN, options, { cwd: this.#folder, env })).stdout;
  }

  #environment() {
    const named = [...AUDIENCES.slice(1), ...OTHERS].map((entry, number) => [`audience${number}`, entry]);
    return {
      DATABASE_URL: this.#postgres.url,
      PORTCULLIS_MODE: "development",
      PORTCULLIS_BASE_URL: this.origin,
      PORTCULLIS_SECRET: "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e",
      PORTCULLIS_PLUGINS__JWT__ENABLED: "true",
      PORTCULLIS_PLUGINS__JWT__JWT__AUDIENCE: DEFAULT,
      PORTCULLIS_PLUGINS__JWT__AUDIENCES: JSON.stringify(Object.fromEntries(named)),
      PORTCULLIS_PLUGINS__JWT__JWKS__DISABLE_PRIVATE_KEY_ENCRYPTION: "true",
    };
  }

  async stop() {
    await this.#server?.stop();
    this.#front.closeAllConnections();
    this.#front.close();
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Answers with the response of the server that runs now. */
async function pass(state, request, response) {
  state.requests += 1;
  const answer = await fetch(`${state.target}${request.url}`).catch(() => null);
  if (!answer) return response.writeHead(502).end();
  const { "content-type": type, "cache-control": cache } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, { "content-type": type, "cache-control": cache ?? "" });
  return response.end(await answer.text());
}
