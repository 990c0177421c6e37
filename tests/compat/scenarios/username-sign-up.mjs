// Sign-up with a user name.
import { INVALID, OF_WRONG_TYPE, VALID } from "../support/user-names.mjs";

export const profile = "username";

const signUp = (t, name, body, label) => t.signUp(name, { body, jar: null, label });

export default {
  "username: a sign-up with a name": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" } });
    await t.get("/get-session");
    await t.signUp("bob", { body: { displayUsername: "Bob.B" }, jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
    await t.signUp("cy", { body: { username: "cy.1", displayUsername: "The one and only Cy ✓" }, jar: "cy" });
    await t.signUp("dan", { jar: "dan" });
    await t.get("/get-session", { jar: "dan" });
  },

  "username: a sign-up with valid names": async (t) => {
    for (const [index, username] of VALID.entries())
      await signUp(t, `user${index}`, { username }, `name ${username}`);
  },

  "username: a sign-up with invalid names": async (t) => {
    for (const [label, username] of Object.entries(INVALID)) await signUp(t, "ada", { username }, label);
    await signUp(t, "ada", { username: "a b", displayUsername: "Ada" }, "with a display name");
  },

  "username: a sign-up with a name that is taken": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" }, jar: null });
    await signUp(t, "bob", { username: "ada_l" }, "as it is stored");
    await signUp(t, "bob", { username: "ada_l", displayUsername: "Bob" }, "with a display name");
    await signUp(t, "ada", { username: "ada_l" }, "with an address that is taken");
    await signUp(t, "ada", { username: "another" }, "an address that is taken, another name");
  },

  "username: a sign-up with a name that is taken in other capitals": async (t) => {
    await t.signUp("ada", { body: { username: "Ada_L" }, jar: null });
    await signUp(t, "bob", { username: "Ada_L" }, "as it was typed");
    await signUp(t, "bob", { username: "ADA_L" }, "in capitals");
  },

  "username: a sign-up with a display name that is no valid name": async (t) => {
    for (const [index, displayUsername] of ["ab", "Ada Lovelace", "ädä", "x".repeat(40)].entries())
      await signUp(t, `user${index}`, { displayUsername }, `display name ${displayUsername}`);
  },

  "username: a sign-up with a display name that is another's name": async (t) => {
    await t.signUp("ada", { body: { username: "ada_l" }, jar: null });
    await signUp(t, "bob", { displayUsername: "Ada_L" });
    await signUp(t, "bob", { username: "bob", displayUsername: "Ada_L" }, "with a name of its own");
  },

  "username: a sign-up with null or an empty text": async (t) => {
    await signUp(t, "a1", { username: null }, "name null");
    await signUp(t, "a2", { displayUsername: null }, "display name null");
    await signUp(t, "a3", { displayUsername: "" }, "display name empty");
    await signUp(t, "a4", { username: null, displayUsername: null }, "both null");
    await signUp(t, "a5", { username: "Good_1", displayUsername: null }, "name, display name null");
    await signUp(t, "a6", { username: "Good_2", displayUsername: "" }, "name, display name empty");
    await signUp(t, "a7", { username: null, displayUsername: "Good_3" }, "name null, display name");
    await signUp(t, "a8", { username: "", displayUsername: "Good_4" }, "name empty, display name");
    await signUp(t, "a9", { username: "", displayUsername: "" }, "both empty");
  },

  "username: a sign-up with members of wrong types": async (t) => {
    for (const member of ["username", "displayUsername"])
      for (const [label, value] of Object.entries(OF_WRONG_TYPE))
        await signUp(t, `${member}-${label}`, { [member]: value }, `${member} ${label}`);
    await signUp(t, "both", { username: "good_1", displayUsername: 1 }, "a name, display name number");
  },

  "username: a sign-up with NUL in the display name": async (t) => {
    await signUp(t, "ada", { username: "ada_l", displayUsername: "Ada\u0000" });
  },

  "username: a sign-up with a long display name": async (t) => {
    await signUp(t, "bob", { username: "bob", displayUsername: "x".repeat(256) }, "256 characters");
    await signUp(t, "ada", { username: "ada_l", displayUsername: "x".repeat(5000) }, "5000 characters");
  },

  "username: the order of checks at the sign-up": async (t) => {
    await t.signUp("taken", { body: { username: "taken" }, jar: null });
    for (const [label, body] of Object.entries({
      "name and address invalid": { username: "a", email: "none" },
      "name invalid, address missing": { username: "a", email: undefined },
      "name and password invalid": { username: "a", password: "short" },
      "name taken, address invalid": { username: "taken", email: "none" },
      "name taken, password invalid": { username: "taken", password: "short" },
      "name valid, address invalid": { username: "valid", email: "none" },
      "name valid, password invalid": { username: "valid", password: "short" },
      "name valid, address of a wrong type": { username: "valid", email: 1 },
    }))
      await signUp(t, "ada", body, label);
    const foreign = { origin: "https://evil.test", cookie: "a=b" };
    await t.signUp("ada", { body: { username: "a" }, jar: null, headers: foreign, label: "foreign origin" });
  },

  "username: a sign-up without a body": async (t) => {
    await t.call("POST", "/sign-up/email", { jar: null });
  },

  "username: a sign-up by form": async (t) => {
    const ada = { name: "ada", email: "ada@example.com", password: "password1234" };
    await t.call("POST", "/sign-up/email", { form: { ...ada, username: "a" }, label: "invalid name" });
    await t.call("POST", "/sign-up/email", { form: { ...ada, username: "Ada_L" } });
  },
};
