import { headers } from "next/headers";
import { cache } from "react";

const BASE = `${process.env.PORTCULLIS}/api/auth`;

/** Sends the request of this user, with the user's cookies and address. */
export async function ask(path, init = {}) {
  const own = await headers();
  const names = ["cookie", "origin", "user-agent", "x-forwarded-for"];
  const sent = names.filter((name) => own.get(name)).map((name) => [name, own.get(name)]);
  return fetch(`${BASE}${path}`, {
    ...init,
    headers: { ...Object.fromEntries(sent), ...init.headers },
    cache: "no-store",
    signal: AbortSignal.timeout(6000),
  });
}

/** Returns `{ session, user }`, or null if the user is not signed in. Asks once for each rendered page. */
export const getSession = cache(async () => {
  const response = await ask("/get-session?disableRefresh=true");
  if (!response.ok) throw new Error(`the session could not be checked: ${response.status}`);
  return response.json();
});
