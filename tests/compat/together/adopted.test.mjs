// The crossings of both servers on databases that other generators have made: see ../adopt. `SELF=1` runs Better Auth on
// views instead of Portcullis: each failure is then one of a kind or of a test. `KIND=drizzle` runs one kind, `KIND=all` every
// kind; without it, those run that differ most.
import { after, before, describe } from "node:test";

import { kinds } from "../adopt/kinds.mjs";
import { startDatabases } from "../support/servers.mjs";
import { busy } from "./crossings/busy.mjs";
import { cookieCaches } from "./crossings/cookie-caches.mjs";
import { limits } from "./crossings/limits.mjs";
import { links } from "./crossings/links.mjs";
import { shared } from "./crossings/shared.mjs";
import { tokens } from "./crossings/tokens.mjs";
import { twoFactor } from "./crossings/two-factor.mjs";
import { startPair } from "./pair.mjs";

/** Profiles whose crossings use one pair: starting a pair for each would take most of the time. */
const ONE = new Set(["shared", "shared-two-factor"]);
const TABLES = ["session", "account", "twoFactor", "verification", "user"];
const crossings = { shared, links, busy, twoFactor, cookieCaches, limits, tokens };

let databases;
before(async () => {
  databases = await startDatabases();
});
after(() => databases.stop());

const { KIND } = process.env;
const chosen = KIND === "all" ? Object.keys(kinds) : KIND ? [KIND] : ["drizzle-uuid"];
for (const kind of chosen)
  describe(kind, () => {
    let pair;
    after(() => pair?.stop());

    async function start(profile, { isNew = false } = {}) {
      const own = ONE.has(profile) ? "adopted" : profile;
      if (isNew || own !== "adopted") return startPair(own, { kind, databases });
      pair ??= await startPair(own, { kind, databases });
      return { ...pair, stop: () => empty(pair.pool) };
    }

    for (const [name, crossing] of Object.entries(crossings)) describe(name, () => crossing(start));
  });

/** Deletes all users, so that the next crossings can use their names. */
async function empty(pool) {
  for (const table of TABLES) await pool.query(`delete from "${table}"`);
}
