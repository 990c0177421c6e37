// Changes of a user name.
import { INVALID, OF_WRONG_TYPE } from "../support/user-names.mjs";

export const profile = "username";

const ROUTE = "/update-user";

export default {
  "username: a change of the name": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.post(ROUTE, { username: "New_Name" }, { label: "the name" });
    await t.get("/get-session");
    await t.post(ROUTE, { username: "another", displayUsername: "Another one" }, { label: "both" });
    await t.post(ROUTE, { displayUsername: "Third_1" }, { label: "the display name" });
    await t.post(ROUTE, { name: "Ada" }, { label: "neither" });
    await t.post(ROUTE, { name: "Ada L.", username: "fourth" }, { label: "with the user's own name" });
    await t.post("/is-username-available", { username: "ada_l" }, { label: "the first name is available" });
    await t.post("/sign-in/username", { username: "FOURTH", password: "password1234" }, { jar: "b" });
  },

  "username: a change to the same name": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L", displayUsername: "Ada Lovelace" } });
    await t.post(ROUTE, { username: "ada_l" }, { label: "as it is stored" });
    await t.post(ROUTE, { username: "ADA_l" }, { label: "in other capitals" });
    await t.post(ROUTE, { username: "ada_l", displayUsername: "Ada Lovelace" }, { label: "with the display name" });
  },

  "username: a change to a name that is taken": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" }, jar: null });
    await t.signUp("bob", { body: { username: "bob" } });
    await t.post(ROUTE, { username: "ada_l" }, { label: "as it is stored" });
    await t.post(ROUTE, { username: "ADA_L" }, { label: "in capitals" });
    await t.post(ROUTE, { username: "ada_l", name: "Bob" }, { label: "with the user's own name" });
    await t.get("/get-session");
  },

  "username: a change to a display name that is another's name": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" }, jar: null });
    await t.signUp("bob", { body: { username: "bob" } });
    await t.post(ROUTE, { displayUsername: "Ada_L" });
  },

  "username: a change to invalid names": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    for (const [label, username] of Object.entries(INVALID)) await t.post(ROUTE, { username }, { label });
  },

  "username: a change to a display name that is no valid name": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    for (const displayUsername of ["ab", "Ada Lovelace", "ädä", "x".repeat(40)])
      await t.post(ROUTE, { displayUsername }, { label: `display name ${displayUsername}` });
  },

  "username: a change to null or an empty text": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    await t.post(ROUTE, { displayUsername: "" }, { label: "display name empty" });
    await t.post(ROUTE, { displayUsername: null }, { label: "display name null" });
    await t.post(ROUTE, { username: "ada_2", displayUsername: "" }, { label: "name, display name empty" });
    await t.post(ROUTE, { username: null, displayUsername: "Ada_3" }, { label: "name null, display name" });
    await t.post(ROUTE, { username: null }, { label: "name null" });
    await t.post(ROUTE, { username: null, displayUsername: null }, { label: "both null" });
    await t.post("/sign-in/username", { username: "ada_l", password: "password1234" }, { jar: "b" });
  },

  "username: a change with members of wrong types": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    for (const member of ["username", "displayUsername"])
      for (const [label, value] of Object.entries(OF_WRONG_TYPE))
        await t.post(ROUTE, { [member]: value }, { label: `${member} ${label}` });
    await t.get("/get-session");
  },

  "username: a change with NUL in the display name": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    await t.post(ROUTE, { username: "ada_l", displayUsername: "Ada\u0000" });
  },

  "username: the order of checks at a change": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    const bad = { username: "a", email: "new@example.com", name: 1 };
    await t.post(ROUTE, { username: "a" }, { jar: null, label: "invalid name, no session" });
    await t.post(ROUTE, { username: "valid" }, { jar: null, label: "valid name, no session" });
    await t.post(ROUTE, { username: "ada_l" }, { jar: null, label: "a taken name, no session" });
    await t.post(ROUTE, bad, { label: "invalid name and an address" });
    await t.post(ROUTE, { ...bad, username: "valid" }, { label: "valid name and an address" });
    await t.post(ROUTE, {}, { label: "nothing" });
    await t.post(ROUTE, { username: "a" }, { headers: { origin: "https://evil.test" }, label: "foreign origin" });
  },

  "username: a change without a body": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" } });
    await t.call("POST", ROUTE);
    await t.call("POST", ROUTE, { jar: null, label: "without a session" });
  },

  "username: a name for a user who had none": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { username: "Ada_L" });
    await t.post("/sign-in/username", { username: "ada_l", password: "password1234" }, { jar: "b" });
  },
};
