// What a program has used: processor time and context switches by /proc, allocations by a library that is loaded before
// all others, and what its request log reports.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("allocations.c", import.meta.url));
const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Counts the allocations of a program that is started with these `settings`. */
export class Allocations {
  #folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-bench-"));
  #file = path.join(this.#folder, "counts");

  constructor() {
    const library = path.join(this.#folder, "allocations.so");
    execFileSync("cc", ["-O2", "-shared", "-fPIC", "-fno-builtin", "-o", library, source]);
    writeFileSync(this.#file, Buffer.alloc(16));
    this.settings = { ALLOCATIONS: this.#file, LD_PRELOAD: library };
  }

  read() {
    const counts = readFileSync(this.#file);
    return { number: Number(counts.readBigUInt64LE(0)), bytes: Number(counts.readBigUInt64LE(8)) };
  }

  /** For `Stage.start`, which stops what it has started. */
  async stop() {
    rmSync(this.#folder, { recursive: true });
  }
}

/**
 * Processor time in microseconds, and context switches, of all threads of these processes. Those that have just ended are
 * missing.
 */
export function usedBy(pids) {
  const threads = pids.flatMap((pid) => unlessEnded(() => readdirSync(`/proc/${pid}/task`), []));
  const all = threads.map((thread) => [thread, unlessEnded(() => used(thread), null)]);
  return new Map(all.filter(([, found]) => found));
}

function used(thread) {
  const [user, system] = fields(`${thread}/task/${thread}`).slice(11, 13).map(Number);
  const status = readFileSync(`/proc/${thread}/status`, "utf8");
  const switches = [...status.matchAll(/ctxt_switches:\s+(\d+)/g)].map(([, count]) => Number(count));
  return { processor: (1e6 * (user + system)) / ticks, switches: switches[0] + switches[1] };
}

/** What has been used between two results of `usedBy`. Threads that have ended are not counted. */
export function difference(before, after, kind) {
  const all = [...after].map(([thread, used]) => used[kind] - (before.get(thread)?.[kind] ?? 0));
  return all.reduce((sum, one) => sum + one, 0);
}

function unlessEnded(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** A process and its children, such as the processes of PostgreSQL. */
export function family(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return [pid, ...all.filter((child) => parent(child) === pid).map(Number)];
}

function parent(pid) {
  return unlessEnded(() => Number(fields(pid)[1]), 0);
}

/** The fields of /proc/PID/stat after the name of the program, which may contain spaces. */
function fields(pid) {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
}

/** Means of the statements and of the time on the database that the request log has reported since `from`. */
export function logged(file, from) {
  const text = readFileSync(file).subarray(from).toString();
  const lines = text.split("\n").filter((line) => line.includes('"portcullis::request"'));
  const mean = (name) => lines.reduce((sum, line) => sum + Number(JSON.parse(line)[name]), 0) / lines.length;
  return { statements: mean("statements"), milliseconds: mean("database_milliseconds") };
}
