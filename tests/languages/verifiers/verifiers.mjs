// The libraries, and a process for each library and audience.
import { spawn } from "node:child_process";
import { copyFile, mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

import { blocksOf, writeFiles } from "../../support/examples.mjs";
import { ended } from "../../support/process.mjs";
import { build } from "../support/go.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PAGES = here("../../../docs/guides");
const NODE = here("../node");

/** Each library: its version, the page with its code, and how a program is made of that code. */
export const LIBRARIES = [
  { name: "jose", language: "Node", version: () => npm("jose"), page: "node.md", program: inNode },
  {
    name: "jsonwebtoken, jwks-rsa",
    language: "Node",
    version: async () => `${await npm("jsonwebtoken")}, ${await npm("jwks-rsa")}`,
    page: "verifiers.md",
    code: "#jsonwebtoken",
    program: inNode,
  },
  { name: "go-oidc", language: "Go", version: async () => "2.1", page: "go.md", program: inGo },
  { name: "jsonwebtoken", language: "Rust", version: () => crate("jsonwebtoken"), code: "#rust", program: inRust },
  { name: "josekit", language: "Rust", version: () => crate("josekit"), code: "#rust", program: inRust },
];

async function npm(name) {
  const { version } = JSON.parse(await readFile(path.join(NODE, "node_modules", name, "package.json"), "utf8"));
  return version;
}

async function crate(name) {
  const lock = await readFile(here("../../../Cargo.lock"), "utf8");
  return new RegExp(`name = "${name}"\nversion = "(.*?)"`).exec(lock)[1];
}

async function inNode(folder) {
  await symlink(path.join(NODE, "node_modules"), path.join(folder, "node_modules"));
  return [process.execPath, here("lines.mjs"), path.join(folder, "auth.mjs")];
}

async function inGo(folder) {
  await copyFile(here("lines.go"), path.join(folder, "main.go"));
  return [await build(folder)];
}

async function inRust(folder, { library, algorithm, audience, origin }) {
  const address = `${origin}/api/auth/jwks`;
  return [process.env.VERIFY_JWTS, library.name, algorithm, origin, audience, address];
}

/** Writes the code of a library's page for an audience, and returns the command of the program. */
export async function prepare(library, { audience, algorithm }, origin, folder) {
  await mkdir(folder, { recursive: true });
  const program = () => library.program(folder, { library, algorithm, audience, origin });
  if (library.language === "Rust") return program();
  const page = await readFile(path.join(PAGES, library.page), "utf8");
  const adapted = page
    .replaceAll("https://auth.example.com", origin)
    .replaceAll("https://api.example.com", audience)
    .replace(/"(EdDSA|ES256)"(?=[\]}])/g, `"${algorithm}"`);
  const needed = blocksOf(adapted).filter(({ file }) => ["auth.mjs", "verify.go", "outage.go"].includes(file));
  await writeFiles(needed, folder);
  return program();
}

/** A process that verifies JWTs, and keeps the published keys as long as the library does. */
export class Verifier {
  #child;
  #lines;

  constructor(command) {
    const [program, ...options] = command;
    this.#child = spawn(program, options, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Returns `accepted` and the user's id, `rejected`, or `failed` and a reason. */
  async verify(token) {
    this.#child.stdin.write(`${token}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("a verifier ended");
    return value;
  }

  async stop() {
    this.#child.stdin.end();
    await ended(this.#child);
  }
}
