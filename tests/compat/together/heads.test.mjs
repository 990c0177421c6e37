// The length of response heads on both servers: nginx with default settings accepts 4 KiB, and must accept Portcullis's
// whenever it accepts Better Auth's.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";

import { profiles } from "../profiles.mjs";
import { Mailbox } from "../support/mailbox.mjs";
import { startDatabases, startOurs, startReference } from "../support/servers.mjs";

const LIMIT = 4096;
const FRESH = "/get-session?disableCookieCache=true";
// With a long name and a long user agent, most heads reach the limit before the URL of the picture reaches its own.
const PERSON = { name: "a".repeat(256), email: "ada@example.com", password: "password1234" };
const USER_AGENT = "x".repeat(800);
const PICTURES = "https://example.com/";
const LONGEST_URL = 2048;

let databases, mailbox;
before(async () => {
  databases = await startDatabases();
  mailbox = await Mailbox.open({ isSigned: false });
});
after(async () => {
  await mailbox?.stop();
  await databases?.stop();
});

/** Sends a request as nginx does, and returns the length of the response's head and its cookies. */
function exchange(port, origin, method, route, { body, jar }) {
  const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
  const payload = body ? JSON.stringify(body) : "";
  const lines = [
    `${method} /api/auth${route} HTTP/1.0`,
    `Host: localhost`,
    `Connection: close`,
    `Origin: ${origin}`,
    `X-Forwarded-For: 198.51.100.1`,
    `User-Agent: ${USER_AGENT}`,
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    ...(body ? [`Content-Type: application/json`, `Content-Length: ${Buffer.byteLength(payload)}`] : []),
  ];
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1").setEncoding("latin1");
    socket.on("data", (chunk) => (text += chunk)).once("error", reject);
    socket.once("close", () => {
      const head = text.slice(0, text.indexOf("\r\n\r\n") + 4);
      assert.match(head, /^HTTP\/1\.[01] 200 /, text);
      for (const [, name, value, rest] of head.matchAll(/^set-cookie: ([^=]*)=([^;]*)(.*)$/gim))
        if (value === "" || rest.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      resolve(head.length);
    });
    socket.write(`${lines.join("\r\n")}\r\n\r\n${payload}`);
  });
}

/** A signed-in client of one server. `heads(length)` returns the lengths of heads for a picture with a URL of that length. */
async function client(start, profile) {
  const database = await databases.database(`${profile}-heads-${start.name}`);
  const { port, stop } = await start(profile, database, mailbox);
  const { baseURL } = profiles[profile];
  const jar = new Map();
  const send = (method, route, body) => exchange(port, baseURL, method, route, { body, jar });
  await send("POST", "/sign-up/email", PERSON);
  return {
    stop,
    async heads(length) {
      const image = PICTURES + "x".repeat(length);
      const updated = await send("POST", "/update-user", { image });
      return { updated, read: await send("GET", FRESH), again: await send("GET", FRESH) };
    },
  };
}

for (const profile of ["cache-compact", "cache-jwt", "cache-jwe", "core"]) {
  test(`${profile}: a head within 4 KiB is so on both servers`, async () => {
    const [theirs, ours] = await Promise.all([client(startReference, profile), client(startOurs, profile)]);
    let compared = 0;
    try {
      const [short, long] = [(await theirs.heads(0)).again, (await theirs.heads(300)).again];
      const boundary = Math.round(((LIMIT - short) * 300) / (long - short));
      const last = Math.min(boundary + 30, LONGEST_URL - PICTURES.length);
      for (let length = last - 180; length <= last; length += 3) {
        const [their, our] = await Promise.all([theirs.heads(length), ours.heads(length)]);
        for (const step of ["read", "again"])
          if (their[step] <= LIMIT) {
            compared += 1;
            assert.ok(our[step] <= LIMIT, `${step}, ${length}: ${their[step]} -> ${our[step]}`);
          }
        assert.ok(our.updated <= LIMIT, `updated, ${length}: ${our.updated}`);
        if (process.env.SHOW) console.log(profile, length, their, our);
      }
      assert.ok(compared > 50, `${compared} heads were compared`);
    } finally {
      await Promise.all([theirs.stop(), ours.stop()]);
    }
  });
}
