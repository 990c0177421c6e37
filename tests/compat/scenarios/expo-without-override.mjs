// The header `expo-origin` is ignored.
export const profile = "expo-without-override";

export default {
  "expo without override: another origin": async (t) => {
    await t.signUp("ada", { jar: null });
    const { token } = await t.message("ada@example.com");
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    const headers = { origin: null, referer: "http://localhost:5173/", "expo-origin": "evil://" };
    await t.post("/update-user", { name: "A" }, { headers });
  },
};
