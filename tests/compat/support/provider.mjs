// Simulated identity providers on one listener: `http://127.0.0.1:PORT/HOST/PATH` stands for `https://HOST/PATH`.
//
// Their answers are the same for each server that plays a scenario. A scenario changes them with `become` and `change`.
import { createHash } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

import { checked } from "./check-services.mjs";
import { services } from "./provider-services.mjs";
import { idToken, keySet } from "./provider-tokens.mjs";

const PERSON = {
  id: "4711",
  name: "Ada Lovelace",
  email: "ada@example.com",
  isVerified: true,
  picture: "https://pictures.test/ada.png",
};
const JSON_TYPE = { "content-type": "application/json" };
const DENIED = { status: 401, headers: JSON_TYPE, body: { error: "invalid_token", message: "Bad credentials" } };
/** Members of a request to a provider that are compared. */
const HEADERS = ["authorization", "accept", "notion-version", "x-extra", "add-padding"];

export class Provider {
  #listener;
  #person;
  #changes;
  #grants;
  #tokens;
  #asked;
  #issued;

  static async open() {
    const provider = new Provider();
    provider.reset();
    provider.#listener = http.createServer((request, response) => provider.#serve(request, response));
    provider.#listener.listen(0, "127.0.0.1");
    await once(provider.#listener, "listening");
    return provider;
  }

  get url() {
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  /** Forgets everything that a scenario did. */
  reset() {
    this.#person = PERSON;
    this.#changes = new Map();
    this.#grants = new Map();
    this.#tokens = new Map();
    this.#asked = [];
    this.#issued = 0;
  }

  async stop() {
    this.#listener.closeAllConnections();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  /** Changes the user who signs in: `id`, `name`, `email`, `isVerified`, `isPrivate`, `picture`. */
  become(changes) {
    this.#person = { ...this.#person, ...changes };
  }

  /**
   * Changes what a place answers from now on. `change` receives and returns `status`, `headers` and `body`; if it returns
   * null, the connection is closed without an answer.
   */
  change(place, change) {
    this.#changes.set(place, change);
  }

  /** Removes and returns the requests that servers sent, except for documents that a server may cache. */
  asked() {
    return this.#asked.splice(0);
  }

  /** The claims of an id token for the user, with changes. A claim that is undefined is left out. */
  claims(name, changes = {}) {
    const { issuer, claims } = services[name];
    const now = Math.floor(Date.now() / 1000);
    const own = claims ?? services["idp.test"].documents["idp.test/userinfo"];
    return { iss: issuer, aud: `${name}-id`, iat: now, exp: now + 3600, ...own(this.#person), ...changes };
  }

  /** An id token that a client got from a provider by itself. */
  idToken(name, changes, options) {
    return idToken(this.claims(name, changes), options);
  }

  /** An access token that a client got from a provider by itself. */
  accessToken(name) {
    return this.#issue(name, {}).access_token;
  }

  /**
   * Opens the authorization URL as a user who agrees, and returns the URL to which the provider redirects, or `url` and
   * `form` if it answers with a form. `answer` changes members of the answer; those that are undefined are left out.
   */
  authorize(url, answer = {}) {
    const { host, pathname, searchParams: asked } = new URL(url);
    const place = common(host + pathname);
    const [name] = Object.entries(services).find(([, { authorize }]) => authorize === place) ?? [];
    if (!name) throw new Error(`no provider has this authorization endpoint: ${url}`);
    const code = `code-${this.#grants.size + 1}`;
    this.#grants.set(code, {
      name,
      client: asked.get("client_id") ?? asked.get("client_key"),
      redirect: asked.get("redirect_uri"),
      challenge: asked.get("code_challenge"),
      scope: asked.get("scope") ?? "",
      person: this.#person,
      isFresh: true,
    });
    const members = Object.entries({ state: asked.get("state"), code, ...answer });
    const form = new URLSearchParams(members.flatMap(([key, value]) => [value ?? []].flat().map((one) => [key, one])));
    if (asked.get("response_mode") === "form_post") return { url: asked.get("redirect_uri"), form };
    return `${asked.get("redirect_uri")}?${form}`;
  }

  async #serve(request, response) {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const { pathname, search } = new URL(request.url, this.url);
    const place = common(decodeURIComponent(pathname.slice(1)));
    const form = new URLSearchParams(text);
    const answer = checked(place, text) ?? this.#answer(place, form, request);
    const changed = this.#changes.has(place) ? this.#changes.get(place)(answer, form) : answer;
    if (!answer.isCacheable) this.#record(request, `${place}${search}`, text);
    if (changed === null) return response.destroy();
    const { status = 200, headers = JSON_TYPE, body } = changed;
    const isRaw = typeof body === "string" || Buffer.isBuffer(body);
    response.writeHead(status, headers).end(isRaw ? body : JSON.stringify(body));
  }

  #answer(place, form, { headers }) {
    const [name, service] = Object.entries(services).find(([, own]) => placesOf(own).includes(place)) ?? [];
    if (!name) return { status: 404, body: { message: `no provider has ${place}` } };
    if (place === service.keys) return { body: keySet, isCacheable: true };
    if (place === service.discovery) return { ...this.#discovery(service), isCacheable: true };
    if (place === service.verify) return this.#verified(form);
    if (place in (service.documents ?? {})) {
      const bearer = headers.authorization?.replace(/^Bearer /i, "") ?? form.get("access_token");
      const holder = this.#tokens.get(bearer);
      if (holder?.name !== name || !holder.isAccess) return DENIED;
      const body = service.documents[place](holder.person);
      return Buffer.isBuffer(body) ? { body, headers: { "content-type": "image/jpeg" } } : { body };
    }
    const grant = form.get("grant_type") === "refresh_token" ? this.#refreshed(form) : this.#redeemed(form, headers);
    if (grant?.name !== name) return { status: 400, body: { error: "invalid_grant", error_description: "Bad grant" } };
    return { body: this.#issue(name, grant) };
  }

  /** Redeems a code, which works once, with the client, the redirect URI and the verifier of its request. */
  #redeemed(form, { authorization }) {
    const grant = this.#grants.get(form.get("code"));
    const [, basic] = authorization?.match(/^Basic (.*)$/) ?? [];
    const client = basic ? Buffer.from(basic, "base64").toString().split(":")[0] : (form.get("client_key") ?? form.get("client_id"));
    const isGood =
      grant?.isFresh &&
      grant.redirect === form.get("redirect_uri") &&
      client === grant.client &&
      verdict(form.get("code_verifier"), grant) !== "<WRONG>";
    if (grant) grant.isFresh = false;
    return isGood ? grant : undefined;
  }

  /** Redeems a refresh token, which works once. */
  #refreshed(form) {
    const token = form.get("refresh_token");
    const grant = this.#tokens.get(token);
    this.#tokens.delete(token);
    return grant?.isAccess === false ? grant : undefined;
  }

  #issue(name, { scope, person = this.#person, client = `${name}-id` }) {
    this.#issued += 1;
    const [access, refresh] = ["access", "refresh"].map((kind) => `${kind}-${name}-${this.#issued}`);
    const grant = { name, scope, person, client };
    this.#tokens.set(access, { ...grant, isAccess: true }).set(refresh, { ...grant, isAccess: false });
    return {
      access_token: access,
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: refresh,
      ...(scope && { scope }),
      ...(services[name].issuer && { id_token: this.idToken(name, { aud: client }) }),
    };
  }

  /** The endpoint of LINE that verifies an id token. */
  #verified(form) {
    const token = form.get("id_token") ?? "";
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
    const isGood = claims.aud === form.get("client_id");
    return isGood ? { body: claims } : { status: 400, body: { error: "invalid_request" } };
  }

  /** The browser opens the authorization endpoint; the server asks the others, which must be these. */
  #discovery({ authorize, token, keys, issuer, documents }) {
    if (!issuer) return { status: 404, body: { error: "not_found" } };
    const body = {
      issuer,
      authorization_endpoint: `https://${authorize}`,
      token_endpoint: `${this.url}/${token}`,
      userinfo_endpoint: `${this.url}/${Object.keys(documents)[0]}`,
      jwks_uri: `${this.url}/${keys}`,
    };
    return { body };
  }

  #record({ method, headers }, place, text) {
    const sent = Object.fromEntries(HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
    const form = new URLSearchParams(isForm ? text : "");
    const shown = (name, value) =>
      name === "code_verifier" ? verdict(value, this.#grants.get(form.get("code"))) : value;
    const members = Object.fromEntries([...form].map(([name, value]) => [name, shown(name, value)]));
    const json = checked(place, text) && text.startsWith("{") && JSON.parse(text);
    this.#asked.push({ request: `${method} ${place}`, ...sent, ...(isForm && { form: members }), ...(json && { json }) });
  }
}

/** Whether a verifier belongs to the challenge of the request (RFC 7636). */
function verdict(verifier, { challenge, name } = {}) {
  if (!challenge) return verifier ? "<not asked>" : "<none>";
  if (!verifier) return services[name].ignoresVerifier ? "<none>" : "<WRONG>";
  return createHash("sha256").update(verifier).digest("base64url") === challenge ? "<good>" : "<WRONG>";
}

/** Names each place in one way: Microsoft's paths have a tenant, and Dropbox refreshes tokens at another host. */
function common(place) {
  return place
    .replace("login.microsoftonline.com/11111111-2222-3333-4444-555555555555/", "login.microsoftonline.com/common/")
    .replace("api.dropbox.com/oauth2/token", "api.dropboxapi.com/oauth2/token");
}

function placesOf({ token, keys, verify, discovery, documents = {} }) {
  return [token, keys, verify, discovery, ...Object.keys(documents)].filter(Boolean);
}
