// Processes and ports, for every program here that starts servers.
import { once } from "node:events";
import net from "node:net";

/** A port that nobody listens on. */
export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits for a child's end. */
export async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
