// User names of other lengths, which are case-sensitive.
export const profile = "username-options";

const signIn = (t, username) =>
  t.post("/sign-in/username", { username, password: "password1234" }, { jar: null, label: `sign in: ${username}` });

const NAMES = ["abcd", "abcde", "abcdefghij", "abcdefghijk", "AbCdE", "abc e"];

export default {
  "username: other lengths": async (t) => {
    for (const [index, username] of NAMES.entries()) {
      await t.post("/is-username-available", { username }, { jar: null, label: `available: ${username}` });
      await t.signUp(`user${index}`, { body: { username }, jar: null, label: `sign up: ${username}` });
      await signIn(t, username);
    }
  },

  "username: names that are case-sensitive": async (t) => {
    await t.signUp("ada", { body: { username: "AdaLo" } });
    await t.signUp("bob", { body: { username: "adalo" }, jar: "bob" });
    await t.signUp("cy", { body: { username: "AdaLo" }, jar: "cy", label: "the same capitals" });
    for (const username of ["AdaLo", "adalo", "ADALO"]) {
      await t.post("/is-username-available", { username }, { jar: null, label: `available: ${username}` });
      await signIn(t, username);
    }
    await t.post("/update-user", { username: "ADALO" });
    await t.get("/get-session");
    await t.post("/update-user", { displayUsername: "Other" }, { label: "the display name" });
  },
};
