// Processes and ports, for the programs that start servers.
import { once } from "node:events";
import net from "node:net";
import os from "node:os";

/** Lets signals end this process with the event `exit`, whose listeners stop servers and delete folders. */
export function exitOnSignals() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
}

/** Returns a free port. */
export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits until a child process has exited. */
export async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
