"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";

import { ask } from "../lib/portcullis";

async function post(path, body) {
  const headers = { "content-type": "application/json" };
  const response = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (response.status >= 500) throw new Error(`Portcullis is unavailable: ${response.status}`);
  const store = await cookies();
  for (const line of response.headers.getSetCookie()) store.set(...parsed(line));
  return response;
}

/** Turns a `Set-Cookie` line into the arguments of `cookies().set`. */
function parsed(line) {
  const [[name, value], ...attributes] = line.split("; ").map((part) => part.split(/=(.*)/s));
  const given = Object.fromEntries(attributes.map(([key, text]) => [key.toLowerCase(), text ?? true]));
  const options = {
    path: given.path,
    domain: given.domain,
    httpOnly: given.httponly,
    secure: given.secure,
    sameSite: given.samesite?.toLowerCase(),
    ...(given["max-age"] && { maxAge: Number(given["max-age"]) }),
  };
  return [name, decodeURIComponent(value), options];
}

export async function signIn(form) {
  const body = { email: form.get("email"), password: form.get("password") };
  const response = await post("/sign-in/email", body);
  redirect(response.ok ? "/" : `/sign-in?error=${response.status}`);
}

export async function signOutEverywhere() {
  const response = await post("/revoke-sessions", {});
  if (!response.ok && response.status !== 401) throw new Error(`the sessions did not end: ${response.status}`);
  redirect("/sign-in");
}
