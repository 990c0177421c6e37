// Builds a program in Go with the packages of Debian.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Builds the Go files in a folder, and returns the program. */
export async function build(folder) {
  const source = path.join(folder, "gopath", "src", "guide");
  await mkdir(source, { recursive: true });
  for (const file of await readdir(folder))
    if (file.endsWith(".go")) await copyFile(path.join(folder, file), path.join(source, file));
  const program = path.join(folder, "program");
  // Debian installs packages below a GOPATH. There are no modules.
  const env = { ...process.env, GO111MODULE: "off", GOPATH: `${path.join(folder, "gopath")}:/usr/share/gocode` };
  await promisify(execFile)("go", ["vet", "guide"], { env });
  await promisify(execFile)("go", ["build", "-o", program, "guide"], { env });
  return program;
}
