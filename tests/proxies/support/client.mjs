// A client of the proxy that sends headers exactly as they are given, also several with one name.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import https from "node:https";

export const HOST = "app.example.com";

/** Sends a request to the proxy. `headers` are pairs of names and values. */
export async function send(proxy, { method = "GET", path = "/", headers = [], body } = {}) {
  const length = body === undefined ? [] : [["Content-Length", Buffer.byteLength(body)]];
  const request = https.request({
    host: "127.0.0.1",
    port: proxy.port,
    servername: HOST,
    ca: readFileSync(proxy.certificate.certificate),
    agent: false,
    method,
    path,
    headers: [["Host", HOST], ...length, ...headers].flat(),
  });
  request.end(body);
  const [response] = await once(request, "response");
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, text };
}

/** What the application has received. */
export function received({ status, text }) {
  if (status !== 200) throw new Error(`${status}: ${text}`);
  const { rawHeaders, ...request } = JSON.parse(text);
  const names = rawHeaders.filter((_, place) => place % 2 === 0);
  return { ...request, headers: names.map((name, place) => [name, rawHeaders[2 * place + 1]]) };
}

/** The headers that an application could read as one of the identity headers, by their canonical names. */
export function identity(request) {
  const found = {};
  for (const [name, value] of request.headers) {
    const canonical = name.toLowerCase().replaceAll("_", "-");
    if (canonical.includes("portcullis")) found[canonical] = [...(found[canonical] ?? []), value];
  }
  return found;
}
