// Rate limits of the routes for user names.
export const profile = "username-limited";

export default {
  "username: the limits": async (t) => {
    const body = { username: "ada_l", password: "password1234" };
    for (const number of [1, 2, 3, 4]) await t.post("/sign-in/username", body, { label: `sign-in ${number}` });
    for (const number of [1, 2, 3, 4]) await t.post("/is-username-available", body, { label: `available ${number}` });
    await t.signIn("ada", { label: "sign-in by address" });
  },
};
