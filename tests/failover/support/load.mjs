// Users who sign up, sign in, check their sessions and sign out, and what they know of their sessions.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const PASSWORD = "a password that is long";
/** For how long a standby may return a session that was revoked at another server: `database.max_read_lag`. */
const BOUND = 100;
const TIME_LIMIT = 10_000;

/** Sends a request. `status` 0: no answer. */
export function ask(agent, url, { method = "GET", cookie, body } = {}) {
  return new Promise((resolve) => {
    const text = body && JSON.stringify(body);
    const headers = { ...(cookie && { cookie }), ...(text && { "content-type": "application/json" }) };
    const request = http.request(url, { agent, method, headers, timeout: TIME_LIMIT }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", () => resolve({ status: 0, cookies: [] }));
      response.on("end", () => {
        const cookies = response.headers["set-cookie"] ?? [];
        resolve({ status: response.statusCode, cookies, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.on("error", () => resolve({ status: 0, cookies: [] }));
    request.end(text);
  });
}

const sessionCookie = ({ cookies }) =>
  cookies.map((line) => line.split(";")[0]).find((pair) => /session_token=./.test(pair));

export class Load {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  #isOver = false;
  #number = 0;
  violations = [];
  /** Addresses of users whose sign-up was acknowledged. */
  users = new Set();
  live = new Map();
  dead = new Map();
  writes = [];
  checks = { answered: 0, failed: 0 };
  /** Statuses of requests that were not successful. */
  failures = {};

  constructor(url, users) {
    this.url = `${url}/api/auth`;
    this.actors = Array.from({ length: users }, () => this.#act());
  }

  /** Ends the load. */
  async stop() {
    this.#isOver = true;
    await Promise.all(this.actors);
    this.#agent.destroy();
  }

  /** Returns the longest time without an acknowledged write between two times, in seconds. */
  longestPause(from, to = performance.now()) {
    const times = [from, ...this.writes.filter((time) => time >= from && time <= to), to];
    return Math.max(...times.slice(1).map((time, place) => time - times[place])) / 1000;
  }

  async #act() {
    const user = { sessions: [] };
    while (!this.#isOver) {
      await this.#step(user);
      await sleep(10 + Math.random() * 30);
    }
  }

  async #step(user) {
    const chance = Math.random();
    if (!user.email) return this.#signUp(user);
    if (user.sessions.length === 0 || chance < 0.03) return this.#signIn(user);
    if (chance < 0.06) return this.#signOut(user);
    if (chance < 0.07) return this.#leave(user);
    if (chance < 0.2) return this.#checkDead();
    return this.#checkLive(user);
  }

  async #signUp(user) {
    const email = `user-${(this.#number += 1)}@example.com`;
    const answer = await this.#post("/sign-up/email", { body: { email, password: PASSWORD, name: "User" } });
    if (answer.status !== 200) return this.#fail(answer);
    this.users.add(email);
    user.email = email;
    return this.#keep(user, answer);
  }

  async #signIn(user) {
    const answer = await this.#post("/sign-in/email", { body: { email: user.email, password: PASSWORD } });
    if (answer.status === 401) this.violations.push(`${user.email} cannot sign in: the user is lost`);
    return answer.status === 200 ? this.#keep(user, answer) : this.#fail(answer);
  }

  #keep(user, answer) {
    const cookie = sessionCookie(answer);
    user.sessions.push(cookie);
    this.live.set(cookie, user.email);
  }

  async #signOut(user) {
    const cookie = user.sessions.pop();
    // Until there is an answer, the session may be live or not.
    this.live.delete(cookie);
    const answer = await this.#post("/sign-out", { cookie, body: {} });
    if (answer.status !== 200) return this.#fail(answer);
    return this.dead.set(cookie, performance.now());
  }

  /** The actor goes on as another user. The sessions stay. */
  #leave(user) {
    Object.assign(user, { email: undefined, sessions: [] });
  }

  async #checkLive(user) {
    const cookie = user.sessions[Math.floor(Math.random() * user.sessions.length)];
    const answer = await ask(this.#agent, `${this.url}/get-session`, { cookie });
    if (answer.cookies.length > 0) this.violations.push(`a session check changed cookies: ${answer.status}`);
    if (answer.status !== 200) {
      this.checks.failed += 1;
      return this.#fail(answer);
    }
    this.checks.answered += 1;
    const found = JSON.parse(answer.text);
    if (found?.user.email !== user.email) this.violations.push(`${user.email} was signed out`);
    return undefined;
  }

  async #checkDead() {
    const now = performance.now();
    const revoked = [...this.dead].slice(-50).filter(([, time]) => now - time > BOUND);
    const [cookie] = revoked[Math.floor(Math.random() * revoked.length)] ?? [];
    if (!cookie) return;
    const answer = await ask(this.#agent, `${this.url}/get-session`, { cookie });
    if (answer.status === 200 && answer.text !== "null") this.violations.push("a revoked session came back");
    if (answer.status !== 200) this.#fail(answer);
  }

  async #post(path, options) {
    const answer = await ask(this.#agent, `${this.url}${path}`, { method: "POST", ...options });
    if (answer.status === 200) this.writes.push(performance.now());
    return answer;
  }

  #fail({ status }) {
    this.failures[status] = (this.failures[status] ?? 0) + 1;
    if (![0, 502, 503, 504].includes(status)) this.violations.push(`status ${status}`);
  }
}
