// Reads the inbox of the server's development mode.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT = 30_000;
const MESSAGE = /<li data-kind="([^"]*)">.*?<p class="to">To (.*?)<\/p>(?:<a class="follow" href="([^"]*)")?/gs;

/** Waits for a message of a kind to an address, and returns the link in the newest one. */
export async function linkFor(server, kind, to) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const page = await (await fetch(`${server.origin}/dev/inbox`)).text();
    for (const [, itsKind, recipient, link] of page.matchAll(MESSAGE))
      if (itsKind === kind && recipient === to) return new URL(link.replaceAll("&amp;", "&"));
    if (Date.now() > deadline) throw new Error(`no ${kind} message to ${to} arrived`);
    await sleep(25);
  }
}
