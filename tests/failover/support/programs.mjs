// The programs of the deployment: each runs below one folder, as the user `postgres` if this process runs as root.
import { execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ended, exitOnSignals } from "../../support/process.mjs";

const isRoot = process.getuid() === 0;
const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
const account = isRoot ? { uid: id("-u"), gid: id("-g") } : {};

/** Folder and programs of one run. */
export class Programs {
  #children = new Set();

  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-failover-"));
    this.#give(this.folder);
    // If this process ends by an error or a signal.
    process.once("exit", () => {
      this.#killAll();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    });
    exitOnSignals();
  }

  /** Writes a file, and returns its path. */
  write(name, text) {
    const file = path.join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    this.#give(file);
    return file;
  }

  /** Creates a folder, and returns its path. */
  makeFolder(name) {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { mode: 0o700 });
    this.#give(folder);
    return folder;
  }

  /** Starts a program. Its output is in `NAME.log`. */
  start(name, command, environment = {}) {
    const log = openSync(path.join(this.folder, `${name}.log`), "a");
    const child = spawn(command[0], command.slice(1), {
      cwd: this.folder,
      ...account,
      env: { PATH: process.env.PATH, LC_ALL: "C", HOME: this.folder, ...environment },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  log(name) {
    return readFileSync(path.join(this.folder, `${name}.log`), "utf8");
  }

  /** Stops all programs and removes the folder. */
  async end() {
    const children = [...this.#children];
    for (const child of children) child.kill("SIGTERM");
    await Promise.race([Promise.all(children.map(ended)), sleep(20_000)]);
    this.#killAll();
    await sleep(500);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Kills the programs, and the PostgreSQL servers that Patroni has started. */
  #killAll() {
    for (const child of this.#children) child.kill("SIGKILL");
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) killPostgres(path.join(this.folder, name));
  }

  #give(file) {
    if (isRoot) chownSync(file, account.uid, account.gid);
  }
}

/** Kills the PostgreSQL server with this data folder, with all its processes, as a crash of its machine would. */
export function killPostgres(data) {
  const file = path.join(data, "postmaster.pid");
  if (!existsSync(file)) return;
  const first = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(first) || first < 2) return;
  const others = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((process) => parentOf(process) === first);
  for (const process of [first, ...others]) kill(process);
}

function parentOf(process) {
  try {
    const status = readFileSync(`/proc/${process}/stat`, "utf8");
    return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It has ended.
  }
}

function kill(id) {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Waits until `condition` returns a value, and returns it. */
export async function until(what, seconds, condition) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`after ${seconds} s: ${what}`);
    await sleep(100);
  }
}
