// Load from a separate process: wrk for GET requests if it is installed, otherwise this file run as a program.
import { execFile } from "node:child_process";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const file = fileURLToPath(import.meta.url);
const script = fileURLToPath(new URL("wrk.lua", import.meta.url));
const run = promisify(execFile);

export const generator = await run("wrk", ["-v"]).then(
  () => "wrk",
  (error) => (error.code === "ENOENT" ? "node" : "wrk"),
);

/**
 * Repeats one GET on this number of connections for this number of seconds. Returns the responses per second (`rate`),
 * the response time in milliseconds at the median (`median`) and the 99th percentile (`tail`), and the number of
 * requests without a 2xx response (`refused`).
 */
export async function read({ url, cookie }, connections, seconds) {
  if (generator === "node") return generated({ url, cookie }, connections, seconds);
  const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout=10s", "-s", script];
  const { stdout } = await run("wrk", [...flags, url, "--", cookie]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/**
 * As `read`, with a POST of JSON, which may be slow: requests that were sent before the end are waited for and counted,
 * so that the rate is exact even for few responses.
 */
export function write({ url, body }, connections, seconds) {
  return generated({ url, body }, connections, seconds);
}

async function generated({ url, cookie = "", body = "" }, connections, seconds) {
  const { stdout } = await run(process.execPath, [file, url, cookie, body, connections, seconds]);
  return JSON.parse(stdout);
}

async function generate(url, cookie, body, connections, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const options = {
    agent,
    method: body ? "POST" : "GET",
    headers: { ...(cookie && { cookie }), ...(body && { "content-type": "application/json" }) },
  };
  const times = [];
  let refused = 0;
  const started = performance.now();
  const end = started + 1000 * seconds;
  const client = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      const status = await send(url, options, body);
      times.push(performance.now() - before);
      if (status < 200 || status > 299) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const rate = (1000 * times.length) / (performance.now() - started);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { rate, median: at(0.5), tail: at(0.99), refused };
}

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    });
    request.once("error", reject).end(body || undefined);
  });
}

if (process.argv[1] === file) {
  const [url, cookie, body, connections, seconds] = process.argv.slice(2);
  console.log(JSON.stringify(await generate(url, cookie, body, Number(connections), Number(seconds))));
}
