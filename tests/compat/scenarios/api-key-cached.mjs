// API keys that authenticate requests, with a session cookie cache.
import { by, owner, sessionOf } from "../support/api-keys.mjs";

export const profile = "api-key-cached";

export default {
  "api key cached: a key sets no cookie": async (t) => {
    const { key } = await owner(t);
    await sessionOf(t, key);
    await t.get("/get-session?disableCookieCache=true", by(key));
    await t.post("/update-user", { name: "Eve" }, by(key));
    await t.get("/list-sessions", by(key));
  },

  "api key cached: beside a cached session": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob", { jar: "bob" });
    const both = { jar: "bob", headers: { "x-api-key": key } };
    await t.get("/get-session", { ...both, label: "the session" });
    await t.get("/api-key/list", { ...both, label: "the list" });
    await t.get("/get-session", { jar: "bob", label: "the cookie" });
  },

  "api key cached: routes with a cached session": async (t) => {
    const { id } = await owner(t);
    await t.get("/api-key/list");
    await t.post("/api-key/update", { keyId: id, name: "two" });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await t.post("/api-key/delete", { keyId: id });
  },

  "api key cached: a session that has ended": async (t) => {
    const { id } = await owner(t);
    const cookie = [...t.jar()].map((pair) => pair.join("=")).join("; ");
    await t.post("/sign-out");
    const ended = { jar: null, headers: { cookie } };
    await t.get("/api-key/list", ended);
    await t.post("/api-key/create", { name: "late" }, ended);
    await t.post("/api-key/delete", { keyId: id }, ended);
  },
};
