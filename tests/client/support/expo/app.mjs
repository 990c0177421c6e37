// An Expo application with the official client, in Node: no cookie jar, no `Origin`, and a storage of its own.
import { register } from "node:module";

import { createAuthClient } from "better-auth/client";

register("./hooks.mjs", import.meta.url);
const { expoClient, getSetCookie } = await import("@better-auth/expo/client");

/** Where the client stores its cookies. */
const COOKIES = "better-auth_cookie";

/** A new installation of the application. `requests` are those that its client has sent. */
export function installation(server, { plugins = [], ...options } = {}) {
  const [stored, requests] = [new Map(), []];
  const storage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
  };
  const customFetchImpl = (url, init) => {
    requests.push({ url: new URL(url), headers: new Headers(init.headers) });
    return fetch(url, init);
  };
  const auth = createAuthClient({
    baseURL: server.origin,
    plugins: [expoClient({ storage, ...options }), ...plugins],
    fetchOptions: { customFetchImpl },
  });
  return {
    auth,
    requests,
    /** Stores the cookies of a deep link that opened the application, as the documentation shows. */
    open(link) {
      const cookie = new URL(link).searchParams.get("cookie");
      if (cookie) storage.setItem(COOKIES, getSetCookie(cookie, storage.getItem(COOKIES) ?? undefined));
    },
  };
}

/** Opens a link of a message in the phone's browser, and returns where the browser is sent. */
export async function inBrowser(link) {
  const response = await fetch(link, { redirect: "manual" });
  return { status: response.status, location: response.headers.get("location") };
}
