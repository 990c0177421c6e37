// Rate limits: 20 requests in 10 seconds, 3 for password routes.
export const profile = "limited";

const many = async (count, request) => {
  for (let at = 1; at <= count; at += 1) await request(`request ${at}`);
};

export default {
  "limited: sign-in": async (t) => {
    await many(5, (label) => t.signIn("unknown", { jar: null, label }));
    await t.signUp("ada", { jar: null, label: "another path" });
    await t.signIn("unknown", {
      jar: null,
      headers: { "x-forwarded-for": "203.0.113.1" },
      label: "another address",
    });
  },

  "limited: sign-up, including rejected ones": async (t) => {
    await many(5, (label) => t.post("/sign-up/email", {}, { jar: null, label }));
  },

  "limited: change of a password": async (t) => {
    await t.signUp();
    await many(5, (label) => t.post("/change-password", {}, { label }));
  },

  "limited: everything else": async (t) => {
    await many(22, (label) => t.get("/get-session", { jar: null, label }));
    await t.get("/get-session?a=b", { jar: null, label: "with a query" });
    await t.get("/ok", { jar: null, label: "another path" });
  },

  "limited: a path that does not exist": async (t) => {
    await many(22, (label) => t.get("/nothing", { jar: null, label }));
  },

  "limited: many paths that do not exist": async (t) => {
    for (let at = 1; at <= 22; at += 1) await t.get(`/nothing-${at}`, { jar: null });
  },

  "limited: a path that does not exist below a strict path": async (t) => {
    await many(5, (label) => t.post("/sign-in/nothing", {}, { jar: null, label }));
  },

  "limited: a network of addresses": async (t) => {
    const from = (address) => ({ jar: null, headers: { "x-forwarded-for": address }, label: address });
    for (const last of ["1", "2", "3", "ffff:1"]) await t.signIn("unknown", from(`2001:db8:1:2::${last}`));
    await t.signIn("unknown", from("2001:db8:1:3::1"));
    for (const mapped of ["203.0.113.7", "::ffff:203.0.113.7", "203.0.113.7", "::ffff:203.0.113.7"])
      await t.signIn("unknown", from(mapped));
  },
};
