// Session checks on databases that Drizzle has made and Portcullis has adopted.
import { USERS } from "../support/data.mjs";
import { interleaved } from "../support/rounds.mjs";
import { startAdopted, startOurs } from "../support/servers.mjs";
import { checks } from "../support/stage.mjs";

const CONNECTIONS = 16;
/** With text ids, and with uuid ids. */
const KINDS = ["drizzle", "drizzle-uuid"];
/** How many sign-ups there are on each, which are their sessions. */
const SESSIONS = 50;

export async function run(stage, report) {
  const targets = [checks(stage, await stage.start(startOurs(stage.database)))];
  for (const kind of KINDS) {
    const server = await stage.start(startAdopted(stage.database, kind));
    const cookies = [];
    for (let count = 0; count < SESSIONS; count += 1) cookies.push(await signUp(server, USERS + count));
    targets.push({
      name: server.name,
      url: server.url("/get-session"),
      cookies: stage.writeCookies(kind, cookies),
    });
  }
  const measured = await interleaved(targets, CONNECTIONS, stage.fewer);
  report.heading(`Session checks on adopted databases: ${CONNECTIONS} connections`);
  report.rounds("per second", measured, [
    [1, 0],
    [2, 0],
  ]);
  return { results: Object.fromEntries(measured.map(({ name, rounds }) => [name, rounds])) };
}

/** Creates a user, and returns the session cookie. */
async function signUp(server, number) {
  const answer = await fetch(server.url("/sign-up/email"), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify({ name: "Ada", email: `u${number}@example.com`, password: "correct horse battery" }),
  });
  if (!answer.ok) throw new Error(`${server.name}: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0].split(";")[0];
}
