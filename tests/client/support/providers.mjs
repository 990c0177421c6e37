// The simulated identity providers, with pages on which a user agrees or cancels.
//
// Browsers open the pages at 127.0.0.1 and the server at `localhost`, which is another site to them.
import { once } from "node:events";
import http from "node:http";

import { Provider } from "../../compat/support/provider.mjs";
import { services } from "../../compat/support/provider-services.mjs";

const SECRET = "provider-secret";
/** The provider that a deployment describes itself. */
const GENERIC = "plain.test";

/** Starts the simulated providers and their pages. */
export async function startProviders() {
  const provider = await Provider.open();
  const pages = http.createServer((request, response) => show(provider, request, response)).listen(0, "127.0.0.1");
  await once(pages, "listening");
  const front = `http://127.0.0.1:${pages.address().port}`;
  return {
    provider,
    /** The origin of the pages. */
    origin: front,
    /** The sections of a configuration with these built-in providers, and with the generic provider `company`. */
    sections: (ids) => sections({ front, back: provider.url }, ids),

    async stop() {
      pages.closeAllConnections();
      pages.close();
      await provider.stop();
    },
  };
}

/** Opens an authorization URL as a user who agrees, and returns the URL to which the page leads. */
export async function agreed(url, decision = "agree") {
  const page = await (await fetch(url)).text();
  const [, address] = page.match(new RegExp(`<a id="${decision}" href="([^"]*)"`)) ?? [];
  if (!address) throw new Error(`${url} shows no link to ${decision}:\n${page}`);
  return address.replaceAll("&amp;", "&");
}

function sections({ front, back }, ids) {
  const client = (id) => ({ client_id: `${id}-id`, client_secret: SECRET });
  const generic = services[GENERIC];
  return {
    oauth_client: { allowed_hosts: ["127.0.0.1"] },
    social_providers: Object.fromEntries(
      ids.map((id) => [id, { ...client(id), endpoints: endpoints(services[id], front, back) }]),
    ),
    plugins: {
      generic_oauth: {
        providers: {
          company: {
            ...client("company"),
            authorization_url: `${front}/${generic.authorize}`,
            token_url: `${back}/${generic.token}`,
            user_info_url: `${back}/${Object.keys(generic.documents)[0]}`,
          },
        },
      },
    },
  };
}

function endpoints({ authorize, token, documents = {}, keys }, front, back) {
  const [user] = Object.keys(documents);
  return {
    authorization: `${front}/${authorize}`,
    token: `${back}/${token}`,
    ...(user && { user_info: `${back}/${user}` }),
    ...(keys && { jwks: `${back}/${keys}` }),
  };
}

/** Answers an authorization request. A provider that posts its answer shows no page first. */
function show(provider, { url }, response) {
  const asked = `https:/${url}`;
  if (!new URL(asked).searchParams.has("redirect_uri")) return response.writeHead(404).end();
  const agreement = provider.authorize(asked);
  const body = agreement.form
    ? selfPosted(agreement)
    : choice({ agree: agreement, cancel: provider.authorize(asked, { code: undefined, error: "access_denied" }) });
  return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(body);
}

function choice(links) {
  const items = Object.entries(links).map(([id, url]) => `<p><a id="${id}" href="${escaped(url)}">${id}</a></p>`);
  return `<!doctype html><title>A provider</title>${items.join("")}`;
}

function selfPosted({ url, form }) {
  const fields = [...form].map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
  return `<!doctype html><title>A provider</title>
<form method="post" action="${escaped(url)}">${fields.join("")}</form>
<script>document.forms[0].submit();</script>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
