// Chromium without a window.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const VISIT_LIMIT = 60_000;
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "Google Chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--enable-logging=stderr",
];

/** Opens the site's page in a new browser, runs the script there, and gives what it reports. */
export async function visit(site, script) {
  const program = findBrowser();
  const profile = await mkdtemp(path.join(os.tmpdir(), "portcullis-browser-"));
  const report = site.expect(script);
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, `${site.origin}/`], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let log = "";
  browser.stderr.on("data", (chunk) => (log += chunk));
  const ended = new Promise((resolve) => browser.once("close", resolve));
  const failed = ended.then(() => fail("the browser ended", log));
  const late = sleep(VISIT_LIMIT, null, { ref: false }).then(() => fail("the page told nothing", log));
  try {
    return await Promise.race([report, failed, late]);
  } finally {
    failed.catch(() => {});
    late.catch(() => {});
    kill(browser);
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function findBrowser() {
  const { CHROMIUM, PATH = "" } = process.env;
  const folders = [...PATH.split(path.delimiter), "/Applications/Google Chrome.app/Contents/MacOS"];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = [CHROMIUM, ...candidates].find((file) => file && isProgram(file));
  if (!found)
    throw new Error(
      "these tests need Chromium: install it (Debian: apt-get install chromium), or name one in CHROMIUM",
    );
  return found;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** With all its children, which are its process group. */
function kill(browser) {
  try {
    process.kill(-browser.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function fail(what, log) {
  throw new Error(`${what}; it said:\n${log}`);
}
