// A server that signs with all algorithms, one after another, behind one address.
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

export const AUDIENCE = "https://api.example.com";

/** Starts PostgreSQL, and a front whose address stays the same while servers come and go. */
export async function startSigner() {
  const postgres = await startPostgres();
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-signer-"));
  const state = { target: null, requests: 0 };
  const front = http.createServer((request, response) => pass(state, request, response)).listen(0, "127.0.0.1");
  await once(front, "listening");
  return new Signer(postgres, folder, state, front);
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

  /** Makes a new key of an algorithm, with further options of `keys rotate`. */
  rotate(algorithm, ...options) {
    return this.#run(["keys", "rotate", ...options], algorithm);
  }

  /** Starts a server, which signs with the newest key, and returns a JWT. */
  async sign(algorithm) {
    await this.#server?.stop();
    this.#server = await startServer({
      environment: this.#environment(algorithm),
      start: (port) => ({ variables: { PORTCULLIS_BIND: `127.0.0.1:${port}` }, options: ["serve"] }),
    });
    this.#state.target = this.#server.origin;
    this.#user ??= await signUp(this.#server);
    return { token: await jwtOf(this.#server, this.#user), user: this.#user.user.id };
  }

  /** The private keys, by their ids. */
  async keys() {
    const query = 'SELECT json_object_agg("id", "privateKey"::json) FROM "jwks"';
    return JSON.parse(await this.#run(["psql", "-At", "-c", query], "EdDSA"));
  }

  async #run(options, algorithm) {
    const env = { ...process.env, ...this.#environment(algorithm), PORTCULLIS_BIND: "127.0.0.1:0" };
    return (await promisify(execFile)(process.env.PORTCULLIS_BIN, options, { cwd: this.#folder, env })).stdout;
  }

  #environment(algorithm) {
    return {
      DATABASE_URL: this.#postgres.url,
      PORTCULLIS_MODE: "development",
      PORTCULLIS_BASE_URL: this.origin,
      PORTCULLIS_SECRET: "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e",
      PORTCULLIS_PLUGINS__JWT__ENABLED: "true",
      PORTCULLIS_PLUGINS__JWT__JWT__AUDIENCE: AUDIENCE,
      PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG: algorithm,
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
