// Verifies a JWT in each line of standard input with `claimsOf` of a module, and prints a line for each.
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const { claimsOf } = await import(pathToFileURL(process.argv[2]));
for await (const token of readline.createInterface({ input: process.stdin })) {
  const line = await claimsOf(token).then(
    (claims) => (claims ? `accepted ${claims.sub}` : "rejected"),
    (error) => `failed ${error.message}`,
  );
  process.stdout.write(`${line}\n`);
}
