// A guide of the documentation, and the server that it configures.
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { startServer } from "../../client/support/server.mjs";
import { blocksOf, writeFiles } from "../../support/examples.mjs";

const PAGES = new URL("../../../docs/guides/", import.meta.url);
const SERVER = "https://auth.example.com";

/**
 * Writes the files of a guide to a new folder, and starts the server with its `portcullis.toml`. In the files, the
 * server's address replaces that of the guide. `modules` is the folder of the installed packages of Node.
 */
export async function openGuide(name, { environment = {}, modules } = {}) {
  const page = await readFile(new URL(name, PAGES), "utf8");
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-guide-"));
  const write = (origin) => writeFiles(blocksOf(page.replaceAll(SERVER, origin)), folder);
  await write(SERVER);
  const start = (port) => ({
    variables: { PORTCULLIS_BIND: `127.0.0.1:${port}`, PORTCULLIS_BASE_URL: `http://localhost:${port}` },
    options: ["serve", "--config", path.join(folder, "portcullis.toml")],
  });
  const server = await startServer({ start, environment });
  await write(server.origin);
  if (modules) await symlink(modules, path.join(folder, "node_modules"));
  return {
    folder,
    server,
    blocks: blocksOf(page.replaceAll(SERVER, server.origin)),
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
