// Expo Go is trusted in development.
export const profile = "expo-development";

export default {
  "expo in development: Expo Go": async (t) => {
    await t.signUp("ada", { jar: null, body: { callbackURL: "exp://10.0.0.7:8081/--/home" } });
    await t.follow((await t.message("ada@example.com")).url);
  },
};
