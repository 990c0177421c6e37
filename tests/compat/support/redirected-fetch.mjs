// Sends the requests of a Node server to simulated providers instead of to the hosts of the real ones.

/** Replaces `fetch`: `https://HOST/PATH` becomes `ORIGIN/HOST/PATH`. Hosts of this machine are reached as before. */
export function redirectFetch(origin) {
  const original = globalThis.fetch;
  globalThis.fetch = (resource, options) => {
    const url = new URL(resource instanceof Request ? resource.url : resource);
    if (url.hostname === "127.0.0.1") return original(resource, options);
    return original(`${origin}/${url.host}${url.pathname}${url.search}`, options);
  };
}
