// Configured claims of JWTs, and keys at another path.
export const profile = "jwt-claims";

export default {
  "jwt claims: good": async (t) => {
    await t.get("/keys", { label: "keys, before there is a token" });
    await t.signUp();
    await t.get("/token");
    await t.get("/get-session");
    for (const path of ["/keys", "/jwks"]) await t.get(path);
  },
};
