// Load by a process of its own: wrk where it is installed and fit for it, otherwise this file as a program.
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
 * Keeps so many connections busy for so many seconds with one GET. Gives answers in a second, milliseconds at
 * the median and the 99th percentile, and how many requests were not answered with 2xx.
 */
export async function read({ url, cookie }, connections, seconds) {
  if (generator === "node") return generated({ url, cookie }, connections, seconds);
  const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout=10s", "-s", script];
  const { stdout } = await run("wrk", [...flags, url, "--", cookie]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/**
 * The same with a POST of JSON, which may take long: what has begun in time is waited for and counted, so that
 * few answers make a fair rate.
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
