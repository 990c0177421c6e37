// HTTP client that stores cookies and sends an origin, as a browser does.
import http from "node:http";

const PASSWORD = "password1234";

export class Client {
  #port;
  #jars = new Map();

  /** @param {{ baseURL: string, address?: string }} world the page's origin, and the client address */
  constructor(port, { baseURL, address = "198.51.100.1" }) {
    this.#port = port;
    this.baseURL = baseURL;
    this.address = address;
  }

  /** The cookies of a jar, by name. */
  jar(name = "default") {
    if (!this.#jars.has(name)) this.#jars.set(name, new Map());
    return this.#jars.get(name);
  }

  /**
   * Sends a request. `route` is a path below the base path; with two leading slashes it is an absolute path. The body
   * is `body` as JSON, `form` as a form, or `raw` unchanged. Headers with the value null are not sent. `jar: null`
   * sends and stores no cookies.
   *
   * @returns `status`, `headers`, `cookies` (the `Set-Cookie` lines), `text` and `json()`
   */
  async call(method, route, { jar, headers, body, form, raw } = {}) {
    const kept = jar === null ? new Map() : this.jar(jar);
    const payload = raw ?? (form ? new URLSearchParams(form).toString() : body && JSON.stringify(body));
    const all = {
      origin: this.baseURL,
      "x-forwarded-for": this.address,
      ...(kept.size > 0 && { cookie: [...kept].map((pair) => pair.join("=")).join("; ") }),
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(payload !== undefined && { "content-length": Buffer.byteLength(payload) }),
      ...headers,
    };
    const answer = await send({
      port: this.#port,
      method,
      path: route.startsWith("//") ? route.slice(1) : `/api/auth${route}`,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
      payload,
    });
    for (const line of answer.cookies) keep(kept, line);
    return answer;
  }

  get(route, options) {
    return this.call("GET", route, options);
  }

  post(route, body = {}, options = {}) {
    const hasOtherBody = options.raw !== undefined || options.form !== undefined;
    return this.call("POST", route, { ...(!hasOtherBody && { body }), ...options });
  }

  /** Opens a link to the server, such as one in a message. */
  follow(url, options) {
    const { pathname, search } = new URL(url);
    return this.get(`/${pathname}${search}`, options);
  }

  signUp(name = "ada", { body, ...options } = {}) {
    const person = { name, email: `${name}@example.com`, password: PASSWORD, ...body };
    return this.post("/sign-up/email", person, options);
  }

  signIn(name = "ada", { body, ...options } = {}) {
    return this.post("/sign-in/email", { email: `${name}@example.com`, password: PASSWORD, ...body }, options);
  }
}

/** Uses node:http, because fetch adds fetch metadata and rewrites paths. */
function send({ payload, ...options }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", agent: false, maxHeaderSize: 65_536, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk)).once("error", reject);
      response.once("end", () => {
        const { statusCode: status, headers } = response;
        const cookies = headers["set-cookie"] ?? [];
        resolve({ status, headers, cookies, text, json: () => JSON.parse(text) });
      });
    });
    request.once("error", reject);
    // Headers are Latin-1 and the body is UTF-8. Written together with the body, headers would be encoded as UTF-8.
    request.flushHeaders();
    request.end(payload);
  });
}

function keep(jar, line) {
  const [pair] = line.split(";");
  const at = pair.indexOf("=");
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value === "" || /; Max-Age=0(;|$)/i.test(line)) jar.delete(name);
  else jar.set(name, value);
}
