// Users of a test, and their requests. Each has its own cookies.
import { randomUUID } from "node:crypto";

export const PASSWORD = "correct horse battery";
export const PAGES = "https://app.example.com";
/** The audience of the API in the guides. */
export const API = "https://api.example.com";

/** Signs a new user up, and returns what the user's client stores. */
export async function signUp(server, name = "Ada", headers = {}) {
  const email = `${randomUUID()}@example.com`;
  const response = await post(`${server.origin}/api/auth/sign-up/email`, { name, email, password: PASSWORD }, headers);
  if (response.status !== 200) throw new Error(`sign-up failed: ${response.status} ${await response.text()}`);
  const { user } = await response.json();
  return { email, user, cookie: cookieOf(response), token: response.headers.get("set-auth-token") };
}

/** Returns a JWT of the session for an audience, or the default token. */
export async function jwtOf(server, { cookie }, audience) {
  const query = audience ? `?${new URLSearchParams({ audience })}` : "";
  const response = await fetch(`${server.origin}/api/auth/token${query}`, { headers: { cookie } });
  if (response.status !== 200) throw new Error(`no JWT: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}

export function post(url, body, headers = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** The cookies of a response, as a `Cookie` header. */
export function cookieOf(response) {
  return response.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
}
