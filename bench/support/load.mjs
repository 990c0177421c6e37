// Load from a separate process: wrk for GET requests, and this file, run as a program, for POST requests.
import { execFile } from "node:child_process";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { USERS } from "./data.mjs";

const file = fileURLToPath(import.meta.url);
const script = fileURLToPath(new URL("wrk.lua", import.meta.url));
const run = promisify(execFile);

/** Throws if wrk is not installed. */
export async function assertInstalled() {
  await run("wrk", ["-v"]).catch((error) => {
    if (error.code === "ENOENT") throw new Error("wrk is missing: install it (Debian: apt-get install wrk)");
  });
}

/**
 * Sends GET requests on this number of connections for this number of seconds, each with the next cookie of a file.
 * Returns the responses per second (`rate`), the response time in milliseconds at the median (`median`) and the 99th
 * percentile (`tail`), the number of requests without a 2xx response (`refused`), and the mean number of bytes of a
 * response (`size`), and the number of responses (`count`).
 */
export async function read({ url, cookies }, connections, seconds) {
  const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout=10s", "-s", script];
  const { stdout } = await run("wrk", [...flags, url, "--", cookies]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/**
 * As `read`, with POST requests of JSON, which may be slow: requests that were sent before the end are waited for and
 * counted, so that the rate is exact even for few responses. In the body, `{user}` is the number of any user and
 * `{unique}` a number that no other request has.
 */
export async function write({ url, body }, connections, seconds) {
  const { stdout } = await run(process.execPath, [file, url, body, connections, seconds]);
  return JSON.parse(stdout);
}

async function generate(url, body, connections, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const headers = { "content-type": "application/json", origin: new URL(url).origin };
  const options = { agent, method: "POST", headers };
  const times = [];
  let refused = 0;
  let bytes = 0;
  const started = performance.now();
  const end = started + 1000 * seconds;
  const client = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      const { status, size } = await send(url, options, filled(body, times.length));
      times.push(performance.now() - before);
      bytes += size;
      if (status < 200 || status > 299) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const rate = (1000 * times.length) / (performance.now() - started);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { rate, median: at(0.5), tail: at(0.99), refused, size: bytes / times.length, count: times.length };
}

/** Sets the numbers in a body. `Date.now` distinguishes the runs of this program. */
function filled(body, sent) {
  const user = Math.floor(Math.random() * USERS);
  const unique = `${Date.now()}${sent}${Math.floor(1e6 * Math.random())}`;
  return body.replaceAll("{user}", user).replaceAll("{unique}", unique);
}

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      let size = 0;
      response.on("data", (part) => (size += part.length));
      response.once("end", () => resolve({ status: response.statusCode, size }));
    });
    request.once("error", reject).end(body);
  });
}

if (process.argv[1] === file) {
  const [url, body, connections, seconds] = process.argv.slice(2);
  console.log(JSON.stringify(await generate(url, body, Number(connections), Number(seconds))));
}
