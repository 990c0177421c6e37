// Headless Chromium.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Connection } from "./connection.mjs";
import { Tab } from "./tab.mjs";

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
  "--remote-debugging-pipe",
];

/** Opens the site's page in a new browser, runs the script there, and returns the value that it reports. */
export async function visit(site, script) {
  const report = site.expect(script);
  const browser = await openBrowser();
  const late = sleep(VISIT_LIMIT, null, { ref: false }).then(() => {
    throw new Error(`the page reported nothing; the browser's log:\n${browser.log}`);
  });
  try {
    const tab = await browser.newTab();
    await tab.open(`${site.origin}/`);
    return await Promise.race([report, browser.failed, late]);
  } finally {
    late.catch(() => {});
    await browser.stop();
  }
}

/** Starts a browser with a new profile. */
export async function openBrowser() {
  const program = findBrowser();
  const profile = await mkdtemp(path.join(os.tmpdir(), "portcullis-browser-"));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  return new Browser(child, profile);
}

class Browser {
  #child;
  #profile;
  #ended;
  #connection;

  constructor(child, profile) {
    this.#child = child;
    this.#profile = profile;
    this.#connection = new Connection(child.stdio[3], child.stdio[4]);
    this.#ended = new Promise((resolve) => child.once("close", resolve));
    /** The browser's log. */
    this.log = "";
    child.stderr.on("data", (chunk) => (this.log += chunk));
    /** Rejects when the browser exits. */
    this.failed = this.#ended.then(() => {
      throw new Error(`the browser exited; its log:\n${this.log}`);
    });
    this.failed.catch((error) => this.#connection.fail(error));
  }

  async newTab() {
    const { targetId } = await this.#connection.send("Target.createTarget", { url: "about:blank" });
    const attached = await this.#connection.send("Target.attachToTarget", { targetId, flatten: true });
    return Tab.over(this.#connection.session(attached.sessionId));
  }

  async stop() {
    killGroup(this.#child);
    await this.#ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function findBrowser() {
  const { CHROMIUM, PATH = "" } = process.env;
  const folders = [...PATH.split(path.delimiter), "/Applications/Google Chrome.app/Contents/MacOS"];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = [CHROMIUM, ...candidates].find((file) => file && isProgram(file));
  if (!found)
    throw new Error(
      "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its path",
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

/** Kills the process and its children, which form its process group. */
function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
