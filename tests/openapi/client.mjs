// A program that uses the client that was generated from the document. `tsc` checks its types before it runs.
import createClient from "openapi-fetch";

/** Signs a user up, and returns the address in the session that the server then reports. */
export async function signUp(/** @type {string} */ baseUrl, /** @type {string} */ email) {
  /** @type {import("openapi-fetch").Client<import("./generated/schema.d.ts").paths>} */
  const client = createClient({ baseUrl });
  const body = { name: "Ada", email, password: "correct horse battery" };
  const { data, error, response } = await client.POST("/sign-up/email", { body });
  if (error) throw new Error(typeof error === "string" ? error : error.message);
  if ("twoFactorRedirect" in data) throw new Error("a new user has no second factor");

  const headers = { authorization: `Bearer ${response.headers.get("set-auth-token")}` };
  const session = await client.GET("/get-session", { headers });
  return { signedUp: data.user.email, signedIn: session.data?.user.email };
}

/** Signs in with a wrong password, and returns the code of the error. */
export async function signInWithWrongPassword(/** @type {string} */ baseUrl, /** @type {string} */ email) {
  /** @type {import("openapi-fetch").Client<import("./generated/schema.d.ts").paths>} */
  const client = createClient({ baseUrl });
  const { error } = await client.POST("/sign-in/email", { body: { email, password: "wrong" } });
  return typeof error === "object" ? error.code : error;
}
