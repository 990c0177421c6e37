// Scenarios for the checks before a route's own work.

const JSON_TYPE = { "content-type": "application/json" };

/** For a route that changes data: bodies, media types, origins, redirects, methods. */
export function requestChecks(route, body) {
  return {
    [`${route}: invalid bodies`]: async (t) => {
      await t.signUp();
      for (const [label, raw] of Object.entries({
        nothing: undefined,
        empty: "",
        blank: "  ",
        broken: "{",
        "two values": "{}{}",
        "a comma too many": '{"a":1,}',
        null: "null",
        array: "[]",
        text: '"x"',
        number: "1",
        true: "true",
      }))
        await t.call("POST", route, { raw, headers: raw === undefined ? {} : JSON_TYPE, label });
    },

    [`${route}: media types`]: async (t) => {
      await t.signUp();
      const raw = JSON.stringify(body);
      for (const type of [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json, text/plain",
        "application/x-www-form-urlencoded",
        "json",
        "",
      ])
        await t.call("POST", route, { raw, headers: { "content-type": type }, label: `type ${type}` });
      await t.call("POST", route, { raw, label: "no type" });
      await t.call("POST", route, { raw: "", headers: { "content-type": "text/plain" }, label: "empty text" });
    },

    [`${route}: a media type within another`]: async (t) => {
      await t.signUp();
      await t.call("POST", route, {
        raw: JSON.stringify(body),
        headers: { "content-type": "x-application/json" },
      });
    },

    [`${route}: origins with a cookie`]: async (t) => {
      await t.signUp();
      for (const [label, headers] of Object.entries({
        foreign: { origin: "https://evil.test" },
        null: { origin: "null" },
        "longer port": { origin: "http://localhost:30000" },
        "slash at the end": { origin: "http://localhost:3000/" },
        "bare domain of a wildcard": { origin: "https://example.com" },
        "wildcard on a port": { origin: "https://a.example.com:8443" },
        "foreign referer": { origin: null, referer: "https://evil.test/http://localhost:3000" },
      }))
        await t.post(route, body, { headers, label: `origin ${label}` });
    },

    [`${route}: no origin with a cookie`]: async (t) => {
      await t.signUp();
      await t.post(route, body, { headers: { origin: null } });
    },

    [`${route}: origin taken from the referer`]: async (t) => {
      await t.signUp();
      await t.post(route, body, { headers: { origin: null, referer: "http://localhost:3000/a?b" } });
    },

    [`${route}: trusted origin`]: async (t) => {
      await t.signUp();
      await t.post(route, body, { headers: { origin: "https://a.example.com" } });
    },

    [`${route}: redirects in the body`]: async (t) => {
      await t.signUp();
      for (const key of ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"])
        for (const value of ["https://evil.test", "//evil.test", "javascript:alert(1)", 1])
          await t.post(route, { ...body, [key]: value }, { jar: null, label: `${key} ${value}` });
    },

    [`${route}: methods and paths`]: async (t) => {
      for (const method of ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) await t.call(method, route);
      await t.post(`${route}/`, body);
      await t.post(`${route}/more`, body);
      await t.post(`/${route}`.replace("//", "/x/"), body);
    },
  };
}

/** For a route that requires a session. */
export function session(method, route, body) {
  const call = (t, options) => t.call(method, route, { ...(method === "POST" && { body }), ...options });
  return {
    [`${route}: without a session`]: async (t) => {
      await call(t, { jar: null });
      await call(t, { jar: null, headers: { origin: "https://evil.test" }, label: "foreign" });
      await call(t, { jar: null, headers: { authorization: "Bearer x.y" }, label: "bearer" });
    },

    [`${route}: invalid cookies`]: async (t) => {
      await t.signUp();
      const [name, good] = [...t.jar()][0];
      const [token] = decodeURIComponent(good).split(".");
      for (const [label, value] of Object.entries({
        empty: "",
        unsigned: token,
        "another's signature": `x${decodeURIComponent(good)}`,
        "broken percent": "%ZZ",
        quoted: `"${good}x"`,
      }))
        await call(t, { headers: { cookie: `${name}=${value}` }, label });
      await call(t, { headers: { cookie: `__Secure-${name}=${good}` }, label: "another name" });
      await call(t, { headers: { cookie: `${name}=bad; ${name}=${good}` }, label: "the first of two counts" });
    },

    [`${route}: a session that has ended`]: async (t) => {
      await t.signUp();
      await t.age("8 days");
      await call(t, { label: "expired" });
      await call(t, { label: "expired, again" });
      await t.signUp("bob", { jar: "bob" });
      await t.sql("delete from session");
      await call(t, { jar: "bob", label: "gone" });
      await t.signUp("eve", { jar: "eve" });
      await t.sql(`delete from "user"`);
      await call(t, { jar: "eve", label: "its user is gone" });
    },

    [`${route}: a session that is due`]: async (t) => {
      await t.signUp();
      await t.age("2 days");
      await call(t);
    },

    [`${route}: a session that is not remembered`]: async (t) => {
      await t.signUp("ada", { body: { rememberMe: false } });
      await t.age("20 hours");
      await call(t);
    },
  };
}
