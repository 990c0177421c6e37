// Reads the inbox of the server's development mode.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT = 30_000;
const CONTENT = '(?:<a class="follow" href="(?<link>[^"]*)"|<p class="code">(?<code>[^<]*)</p>)?';
const MESSAGE = new RegExp(`<li data-kind="(?<kind>[^"]*)">.*?<p class="to">To (?<to>.*?)</p>${CONTENT}`, "gs");

/** Waits for a message of a kind to an address, and returns the link in the newest one. */
export async function linkFor(server, kind, to) {
  const { link } = await messageFor(server, kind, to);
  return new URL(link.replaceAll("&amp;", "&"));
}

/** Waits for a message of a kind to an address, and returns the code in the newest one. */
export async function codeFor(server, kind, to) {
  return (await messageFor(server, kind, to)).code;
}

async function messageFor(server, kind, to) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const page = await (await fetch(`${server.origin}/dev/inbox`)).text();
    for (const { groups } of page.matchAll(MESSAGE)) if (groups.kind === kind && groups.to === to) return groups;
    if (Date.now() > deadline) throw new Error(`no ${kind} message to ${to} arrived`);
    await sleep(25);
  }
}
