// Scenarios for JWTs, for each algorithm.

export function jwts(name) {
  return {
    [`${name}: keys and tokens`]: async (t) => {
      await t.get("/jwks", { label: "keys, before there is a token" });
      await t.signUp();
      await t.get("/token");
      await t.get("/get-session");
      await t.get("/jwks", { label: "keys" });
    },
  };
}
