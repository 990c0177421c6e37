// The DevTools protocol over a pair of pipes: JSON messages, each ended by a zero byte.

export class Connection {
  #input;
  #next = 1;
  #pending = new Map();
  #listeners = new Map();
  #failure = null;

  /** Writes commands to `input`, and reads responses and events from `output`. */
  constructor(input, output) {
    this.#input = input;
    // `fail` rejects the pending commands.
    for (const stream of [input, output]) stream.on("error", () => {});
    let rest = "";
    output.setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  /** Sends a command, and returns its result. */
  send(method, params = {}, sessionId = undefined) {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#pending.set(id, { method, resolve, reject }));
  }

  /** The commands and events of one page. */
  session(id) {
    return {
      send: (method, params) => this.send(method, params, id),
      on: (event, listener) => this.#on(`${id} ${event}`, listener),
    };
  }

  /** Rejects all pending and later commands. */
  fail(error) {
    this.#failure = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #on(key, listener) {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  #receive({ id, sessionId, method, params, result, error }) {
    if (id === undefined) {
      for (const listener of this.#listeners.get(`${sessionId} ${method}`) ?? []) listener(params);
      return;
    }
    const { method: asked, resolve, reject } = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) reject(new Error(`${asked}: ${error.message}`));
    else resolve(result);
  }
}
