import { callbacks } from "../support/callbacks.mjs";
import { STATE, back, begin, callback, signIn, stateOf } from "../support/social.mjs";

export const profile = "social";

const APPLE = "https://appleid.apple.com";

/** Posts a form to the callback, as a provider's page does. */
function posted(t, provider, form, { query = "", ...options } = {}) {
  return t.call("POST", `/callback/${provider}${query}`, { form, jar: null, headers: { origin: APPLE }, ...options });
}

export default {
  ...callbacks("social callback", STATE),

  "social callback: repeated parameters": async (t) => {
    for (const name of ["code", "state", "error", "error_description", "user", "device_id"]) {
      const state = stateOf(await begin(t, "google", { label: "begin" }));
      const parameters = { state, code: "code-1", [name]: ["x", "y"] };
      await callback(t, "google", parameters, { label: `${name} twice` });
    }
    const state = stateOf(await begin(t, "google"));
    await callback(t, "google", { state: [state, state], code: "code-1" }, { label: "the same state twice" });
    await callback(t, "google", { state, code: "code-1", other: ["x", "y"] }, { label: "another parameter twice" });
  },

  "social callback: a state of Better Auth that is no state": async (t) => {
    await begin(t);
    for (const value of ["{}", "x", "null", '{"codeVerifier":1}']) {
      const url = await begin(t, "google", { label: "begin" });
      await t.sql("update verification set value = $1", [value]);
      await back(t, url, { label: `value ${value}` });
    }
  },

  "social callback: posted": async (t) => {
    const state = stateOf(await begin(t, "apple"));
    await posted(t, "apple", { state, code: "code-1" }, { label: "state and code" });
    await posted(t, "apple", { state, code: "c d&e=ä" }, { label: "characters" });
    await posted(t, "apple", { error: "user_cancelled_authorize", state }, { label: "an error" });
    await posted(t, "apple", {}, { label: "nothing" });
    await posted(t, "apple", { state, code: "" }, { label: "an empty code" });
    await posted(t, "apple", { state, other: "x", id_token: "y" }, { label: "other members" });
    await posted(t, "apple", { state }, { query: "?code=q&state=s", label: "in the query too" });
    await posted(t, "unknown", { state, code: "code-1" }, { label: "an unknown provider" });
    await posted(t, "google", { state, code: "code-1" }, { label: "a provider that posts nothing" });
  },

  "social callback: posted as JSON": async (t) => {
    const options = { jar: null, headers: { origin: APPLE } };
    await t.post("/callback/apple", { state: "s", code: "c" }, options);
    await t.post("/callback/apple", { state: 1 }, { ...options, label: "a number" });
    await t.post("/callback/apple", { state: ["s"] }, { ...options, label: "a list" });
    await t.call("POST", "/callback/apple?state=s", { ...options, label: "no body" });
    await t.call("POST", "/callback/apple", {
      ...options,
      raw: "x=y",
      headers: { "content-type": "text/plain" },
      label: "text",
    });
  },

  "social callback: posted twice in a form": async (t) => {
    const form = [
      ["state", "a"],
      ["state", "b"],
      ["code", "c"],
    ];
    await posted(t, "apple", form);
  },

  "social callback: posted with cookies from a foreign page": async (t) => {
    await t.signUp();
    const url = await begin(t, "apple");
    const form = { state: stateOf(url), code: "code-1" };
    await posted(t, "apple", form, { jar: "default", label: "from Apple" });
    await posted(t, "apple", form, { jar: "default", headers: { origin: "null" }, label: "origin null" });
    await posted(t, "apple", form, { jar: "default", headers: { origin: null }, label: "no origin" });
  },

  "social callback: methods and paths": async (t) => {
    for (const method of ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) await t.call(method, "/callback/google");
    for (const path of [
      "/callback",
      "/callback/",
      "/callback/google/",
      "/callback/google/more",
      "/callback/GOOGLE?state=x",
      "/callback/%67oogle?state=x",
    ])
      await t.get(path, { headers: { origin: null } });
  },

  "social callback: origins of a navigation": async (t) => {
    for (const origin of ["https://evil.test", "null", "https://accounts.google.com"])
      await back(t, await begin(t, "google", { label: "begin" }), { headers: { origin }, label: `from ${origin}` });
  },

  "social callback: a signed-in user signs in as another": async (t) => {
    await t.signUp("bob");
    await signIn(t);
    await t.get("/get-session");
    await t.get("/list-sessions");
  },

  "social callback: client addresses and user agents": async (t) => {
    const url = await begin(t);
    await back(t, url, { headers: { origin: null, "user-agent": "agent/1", "x-forwarded-for": "203.0.113.9" } });
  },
};
