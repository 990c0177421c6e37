// Cookie handling of a browser, for Node.

/** The cookies of one browser, and a `fetch` that stores, sends and deletes them. */
export class Jar {
  #cookies = new Map();

  /** @param {string} origin the page's origin, which a browser sends with every POST */
  constructor(origin) {
    this.origin = origin;
  }

  /** The cookie with this name, as `{ value, attributes }` with lower-case attribute names, or undefined. */
  cookie(name) {
    return this.#cookies.get(name);
  }

  get names() {
    return [...this.#cookies.keys()];
  }

  /** For `customFetchImpl`. */
  fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("origin", this.origin);
    if (this.#cookies.size > 0) headers.set("cookie", this.#header());
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  };

  #header() {
    return [...this.#cookies].map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  #keep(line) {
    const [[name, value], ...attributes] = line.split("; ").map(pair);
    const named = Object.fromEntries(attributes.map(([key, text]) => [key.toLowerCase(), text]));
    if (named["max-age"] === "0") this.#cookies.delete(name);
    else this.#cookies.set(name, { value, attributes: named });
  }
}

function pair(text) {
  const at = text.indexOf("=");
  return at < 0 ? [text, true] : [text.slice(0, at), text.slice(at + 1)];
}
