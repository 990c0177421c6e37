// A PostgreSQL for one run, with its own folder and port. Its data is deleted afterwards.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  statfsSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ended, exitOnSignals, freePort } from "./process.mjs";

/** A file system in memory, on Linux. Databases are created there many times as fast as on a disk. */
const MEMORY = "/dev/shm";
/** More than the databases of a run contain, in bytes. */
const NEEDED = 2 ** 31;
/** The permissions of others to write and to enter, which the user that runs PostgreSQL needs. */
const OPEN_TO_ALL = 0o003;

exitOnSignals();

/**
 * Starts PostgreSQL, as the user `postgres` if this process runs as root. `settings` are parameters of the server, such as
 * `max_connections=400`. The data is written below the folder `place`.
 */
export async function startPostgres(settings = [], place = quickest()) {
  const programs = findPrograms();
  const account = anotherUser();
  const folder = mkdtempSync(path.join(place, "portcullis-postgres-"));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = path.join(folder, "data");
  const options = { cwd: "/", ...account, stdio: "ignore" };
  const port = await freePort();

  execFileSync(
    path.join(programs, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
    options,
  );
  const given = ["listen_addresses=127.0.0.1", ...settings].flatMap((setting) => ["-c", setting]);
  const flags = ["-D", data, "-p", port, "-k", folder, ...given];
  const server = spawn(path.join(programs, "postgres"), flags, options);
  // An immediate shutdown, after which the folder can be deleted at once.
  const abort = () => {
    const stop = ["stop", "-s", "-m", "immediate", "-D", data];
    spawnSync(path.join(programs, "pg_ctl"), stop, options);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", abort);
  await ready(path.join(programs, "pg_isready"), port);
  return {
    pid: server.pid,
    programs,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off("exit", abort);
      server.kill("SIGINT");
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder below which the data is written: `TMPDIR` if it is set, else in memory if there is enough room. */
function quickest() {
  return !process.env.TMPDIR && isWritable(MEMORY) && hasRoom(MEMORY) ? MEMORY : os.tmpdir();
}

function isWritable(folder) {
  try {
    // A file system may be mounted for reading only.
    accessSync(folder, constants.W_OK);
    return (statSync(folder).mode & OPEN_TO_ALL) === OPEN_TO_ALL;
  } catch {
    return false;
  }
}

function hasRoom(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= NEEDED;
}

function findPrograms() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a) : [];
  const folders = [...versions.map((version) => `${debian}/${version}/bin`), ...process.env.PATH.split(":")];
  const found = folders.find((folder) => existsSync(path.join(folder, "initdb")));
  if (!found) throw new Error("PostgreSQL's programs are missing: install them (Debian: apt-get install postgresql)");
  return found;
}

/** The user that runs PostgreSQL, which does not start as root. */
function anotherUser() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function ready(program, port) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      return execFileSync(program, ["-q", "-h", "127.0.0.1", "-p", port]);
    } catch {
      await sleep(100);
    }
  }
  throw new Error("PostgreSQL did not start");
}
