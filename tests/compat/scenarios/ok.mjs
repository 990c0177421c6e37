export default {
  "ok: paths and methods": async (t) => {
    for (const [method, path] of [
      ["GET", "/ok"],
      ["GET", "/ok?error=x&error=y"],
      ["HEAD", "/ok"],
      ["POST", "/ok"],
      ["PUT", "/ok"],
      ["DELETE", "/ok"],
      ["PATCH", "/ok"],
      ["OPTIONS", "/ok"],
      ["GET", "/ok/"],
      ["GET", "/OK"],
      ["GET", "/o%6b"],
      ["GET", "/nothing"],
      ["GET", "/ok/more"],
      ["GET", ""],
      ["GET", "/"],
      ["GET", "//"],
      ["GET", "//api"],
      ["GET", "//api/auth//ok"],
      ["GET", "//API/auth/ok"],
    ])
      await t.call(method, path, { jar: null });
  },

  "ok: the base path elsewhere": async (t) => {
    await t.get("//x/api/auth/ok");
    await t.get("//api/authx/ok");
    await t.get("//api/auth/api/auth/ok");
  },

  "ok: foreign origin, strange bodies": async (t) => {
    await t.get("/ok", { headers: { origin: "https://evil.test" }, label: "foreign" });
    await t.get("/ok", { headers: { origin: null }, label: "none" });
    await t.get("/ok", { headers: { origin: "http://localhost:5173" }, label: "trusted" });
    await t.get("/ok", { raw: "{", headers: { "content-type": "application/json" }, label: "GET with a body" });
    await t.get("/ok", { headers: { cookie: "better-auth.session_token=x.y" }, label: "cookie" });
  },
};
