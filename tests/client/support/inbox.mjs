// The inbox of the server's development mode, read by a program.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT = 30_000;
const MESSAGE = /<li data-kind="([^"]*)">.*?<p class="to">To (.*?)<\/p>(?:<a class="follow" href="([^"]*)")?/gs;

/** The link in the newest message of a kind to an address, waiting for it. */
export async function linkFor(server, kind, to) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const page = await (await fetch(`${server.origin}/dev/inbox`)).text();
    for (const [, itsKind, whom, link] of page.matchAll(MESSAGE))
      if (itsKind === kind && whom === to) return new URL(link.replaceAll("&amp;", "&"));
    if (Date.now() > deadline) throw new Error(`no ${kind} to ${to} came`);
    await sleep(25);
  }
}
