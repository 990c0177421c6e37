// An independent OpenID provider: the package `oidc-provider`, with a user who agrees to everything.
import { once } from "node:events";
import http from "node:http";

import { Provider } from "oidc-provider";

const HOUR = 3600;
/** An access token of a sign-in expires at once for a server that refreshes it before it expires. */
const ALMOST_NOTHING = 1;

/** Listens on a free port. `serve` starts the provider when its clients, which depend on other servers, are known. */
export async function openIndependent() {
  const listener = http.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const account = {};
  const grants = [];
  return {
    issuer,
    /** The claims of the user. */
    account,
    /** The grants that the token endpoint has accepted or refused, as `[type, error]`. */
    grants,

    serve(clients) {
      const provider = new Provider(issuer, configuration(clients, account));
      provider.on("grant.success", ({ oidc }) => grants.push([oidc.params.grant_type]));
      provider.on("grant.error", ({ oidc }, { error }) => grants.push([oidc.params?.grant_type, error]));
      const answer = provider.callback();
      listener.on("request", (request, response) =>
        request.url.startsWith("/agree/") ? agree(provider, request, response, account) : answer(request, response),
      );
    },

    async stop() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, "close");
    },
  };
}

function configuration(clients, account) {
  return {
    clients,
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
    cookies: { keys: ["a key that only this test uses"] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ ...account }) }),
    interactions: { url: (_context, { uid }) => `/agree/${uid}` },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    scopes: ["openid", "email", "profile", "offline_access"],
    ttl: {
      AccessToken: ({ oidc }) => (oidc.params.grant_type === "refresh_token" ? HOUR : ALMOST_NOTHING),
      AuthorizationCode: HOUR,
      Grant: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: HOUR,
      Session: HOUR,
    },
  };
}

/** Signs the user in, or grants what the client asks for. */
async function agree(provider, request, response, { sub }) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login")
    return provider.interactionFinished(request, response, { login: { accountId: sub } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}
