// Bearer tokens require a signature.
export const profile = "bearer-signed";

export default {
  "bearer signed: signed and unsigned tokens": async (t) => {
    const { headers } = await t.signUp();
    const signed = headers["set-auth-token"];
    for (const [label, token] of Object.entries({ signed, unsigned: signed.split(".")[0] }))
      await t.get("/get-session", { jar: null, headers: { authorization: `Bearer ${token}` }, label });
  },
};
