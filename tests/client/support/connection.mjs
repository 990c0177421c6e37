// The DevTools protocol over a pair of pipes: JSON, each message ended by a zero.

export class Connection {
  #input;
  #next = 1;
  #waiting = new Map();
  #listeners = new Map();
  #failure = null;

  /** Commands are written to the one, answers and events are read from the other. */
  constructor(input, output) {
    this.#input = input;
    // Whoever waits is told by `fail`.
    for (const stream of [input, output]) stream.on("error", () => {});
    let rest = "";
    output.setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  /** Sends a command, and gives its result. */
  send(method, params = {}, sessionId = undefined) {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { method, resolve, reject }));
  }

  /** The part of the connection that belongs to one page. */
  session(id) {
    return {
      send: (method, params) => this.send(method, params, id),
      on: (event, listener) => this.#on(`${id} ${event}`, listener),
    };
  }

  /** Fails everything that waits, now and later. */
  fail(error) {
    this.#failure = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #on(key, listener) {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  #receive({ id, sessionId, method, params, result, error }) {
    if (id === undefined) {
      for (const listener of this.#listeners.get(`${sessionId} ${method}`) ?? []) listener(params);
      return;
    }
    const { method: asked, resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) reject(new Error(`${asked}: ${error.message}`));
    else resolve(result);
  }
}
