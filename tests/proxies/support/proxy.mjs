// A proxy that runs as an ordinary process, with a folder and a port of its own.
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ended, freePort } from "../../support/process.mjs";

/**
 * Starts a program with a configuration file. `configure` returns its text for the proxy's folder, port and certificate;
 * `command` returns the program and its arguments for the folder and the file.
 */
export async function startProxy({ configure, command }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-proxy-"));
  const port = await freePort();
  const certificate = await certify(folder);
  const file = path.join(folder, "configuration");
  await writeFile(file, configure({ folder, port, certificate }));
  const [program, ...options] = command({ folder, file });
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, options, { cwd: folder, env: { ...process.env, ...home } });
  const log = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log.text += chunk));
  child.on("error", (error) => (log.text += error));
  process.once("exit", () => child.kill());
  await ready(port, child, log);
  return {
    port,
    certificate,
    async stop() {
      child.kill("SIGTERM");
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a certificate for the host of the examples. */
async function certify(folder) {
  const [certificate, key] = ["certificate.pem", "key.pem"].map((name) => path.join(folder, name));
  const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", "/CN=app.example.com", "-addext", "subjectAltName=DNS:app.example.com"];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", ...options, ...subject, ...files], { stdio: "ignore" });
  return { certificate, key };
}

async function ready(port, child, log) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null || child.pid === undefined) break;
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(`the proxy did not start:\n${log.text}`);
}

function accepts(port) {
  const socket = net.connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
