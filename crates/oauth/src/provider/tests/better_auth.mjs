// Prints the requests that Better Auth sends to each provider: `node better_auth.mjs NODE_MODULES > better_auth.json`.
// NODE_MODULES is the folder with `@better-auth/core` in version 1.4.22.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const core = resolve(process.argv[2], "@better-auth/core");
const { version } = JSON.parse(readFileSync(`${core}/package.json`, "utf8"));
const { socialProviders } = await import(pathToFileURL(`${core}/dist/social-providers/index.mjs`));

const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
// Options without which a provider does not start.
const NEEDED = {
  cognito: { domain: "ada.auth.eu-west-1.amazoncognito.com", region: "eu-west-1", userPoolId: "eu-west-1_A" },
  tiktok: { clientKey: "key" },
};
// Options that only one provider has, if they change a request.
const OWN = {
  discord: { permissions: 8, scope: ["bot"] },
  facebook: { configId: "7" },
  gitlab: { issuer: "https://gitlab.example.com" },
  google: { display: "popup", hd: "example.com" },
  microsoft: { tenantId: "t", authority: "https://login.example.com" },
  paybin: { issuer: "https://paybin.example.com" },
  paypal: { environment: "live" },
  reddit: { duration: "permanent" },
  salesforce: { environment: "sandbox" },
  twitch: { claims: ["picture", "name"] },
  vk: { scheme: "dark" },
  zoom: { pkce: false },
};

const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function cases(id) {
  const needed = NEEDED[id] ?? {};
  const full = { ...needed, scope: ["o"], prompt: "consent", accessType: "offline", ...OWN[id] };
  const client = { scopes: ["a", "b"], loginHint: "ada@example.com", deviceId: "d" };
  return {
    plain: [needed, {}],
    full: [full, client],
    bare: [{ ...needed, disableDefaultScope: true }, {}],
  };
}

let sent;
globalThis.fetch = async (url, { method, headers, body }) => {
  const lines = [...new Headers(headers)].map(([name, value]) => `${name}: ${value}`);
  sent = [`${method} ${url}`, ...lines.sort(), String(body)];
  return Response.json({ access_token: "t" });
};

async function requests(id, options, client) {
  const credentials = id === "tiktok" ? { clientSecret: "secret" } : { clientId: "id", clientSecret: "secret" };
  const provider = socialProviders[id]({ ...credentials, ...options });
  const common = { codeVerifier: VERIFIER, redirectURI: `http://localhost:3000/api/auth/callback/${id}` };
  const { deviceId, ...hints } = client;
  const url = await provider.createAuthorizationURL({ state: "s", ...common, ...hints });
  await provider.validateAuthorizationCode({ code: "c", ...common, deviceId });
  const exchange = sent;
  sent = null;
  await provider.refreshAccessToken?.("r");
  return { authorization: [String(url)], exchange, refresh: sent };
}

const lines = [];
for (const provider of Object.keys(socialProviders).sort()) {
  for (const [name, [options, client]] of Object.entries(cases(provider))) {
    const texts = Object.entries(options).map(([option, value]) => [snakeCase(option), String(value)]);
    const inputs = { provider, case: name, options: Object.fromEntries(texts), client };
    lines.push(JSON.stringify({ ...inputs, ...(await requests(provider, options, client)) }));
  }
}
console.log(`{"version":"${version}","cases":[\n${lines.join(",\n")}\n]}`);
