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

/** Waits for a message of a kind to an address, and returns the code in the newest one, if it is not the code `not`. */
export async function codeFor(server, kind, to, { not } = {}) {
  return (await messageFor(server, kind, to, not)).code;
}

async function messageFor(server, kind, to, not = NaN) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const page = await (await fetch(`${server.origin}/dev/inbox`)).text();
    const messages = [...page.matchAll(MESSAGE)].map(({ groups }) => groups);
    const newest = messages.find((message) => message.kind === kind && message.to === to);
    if (newest && newest.code !== not) return newest;
    if (Date.now() > deadline) throw new Error(`no ${kind} message to ${to} arrived`);
    await sleep(25);
  }
}
