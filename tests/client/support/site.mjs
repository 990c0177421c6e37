// A web site on another origin, whose page runs the official client in a browser.
import { readFile } from "node:fs/promises";
import http from "node:http";
import { fileURLToPath } from "node:url";

/** `better-auth/client` and the packages that it imports by name. */
const PACKAGES = [
  "better-auth/client",
  "better-auth/client/plugins",
  "@better-auth/core/env",
  "@better-auth/core/error",
  "@better-auth/core/utils",
  "@better-auth/passkey/client",
  "@better-auth/utils/random",
  "@better-fetch/fetch",
  "@simplewebauthn/browser",
  "defu",
  "nanostores",
  "zod",
];
const modules = new URL("../node_modules/", import.meta.url);

/** Serves a page that runs a script, the text of a module. `report(value)` in the script sends the result. */
export async function startSite() {
  const visits = { script: "", report() {} };
  const site = http.createServer((request, response) => answer(visits, request, response));
  await new Promise((resolve, reject) => site.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://localhost:${site.address().port}`,

    /** Sets the script that the page runs from now on. */
    lay(script) {
      visits.script = script;
    },

    /** Sets the script for the next visit, and returns a promise of the value that it reports. */
    expect(script) {
      this.lay(script);
      return new Promise((resolve) => (visits.report = resolve));
    },

    stop() {
      site.closeAllConnections();
      return new Promise((resolve) => site.close(resolve));
    },
  };
}

async function answer(visits, request, response) {
  const { pathname } = new URL(request.url, "http://site");
  if (request.method === "POST" && pathname === "/report") {
    visits.report(JSON.parse(await text(request)));
    return response.end();
  }
  if (pathname === "/") return send(response, "text/html; charset=utf-8", page());
  if (pathname === "/script.mjs") return send(response, "text/javascript", visits.script);
  return sendModule(response, pathname);
}

async function sendModule(response, pathname) {
  const file = new URL(`.${pathname}`, new URL("..", modules));
  const content = file.href.startsWith(modules.href) ? await readFile(file).catch(() => null) : null;
  if (content === null) return response.writeHead(404).end();
  return send(response, "text/javascript", content);
}

function send(response, type, content) {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(content);
}

async function text(request) {
  let whole = "";
  for await (const chunk of request.setEncoding("utf8")) whole += chunk;
  return whole;
}

function page() {
  const imports = Object.fromEntries(PACKAGES.map((name) => [name, address(name)]));
  return `<!doctype html>
<title>A front end</title>
<script>
  // Bundlers replace this expression.
  globalThis.process = { env: { NODE_ENV: "production" } };
  globalThis.report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  addEventListener("error", ({ message }) => report({ thrown: message }));
  addEventListener("unhandledrejection", ({ reason }) => report({ thrown: String(reason) }));
</script>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/script.mjs"></script>`;
}

function address(name) {
  const file = import.meta.resolve(name);
  if (!file.startsWith(modules.href)) throw new Error(`${name} is outside ${fileURLToPath(modules)}`);
  return `/node_modules/${file.slice(modules.href.length)}`;
}
