import { NextResponse } from "next/server";

export const config = { matcher: ["/"] };

/** Sends users without a session to the sign-in page, and renews the session of the others. */
export async function proxy(request) {
  const url = `${process.env.PORTCULLIS}/api/auth/get-session`;
  const headers = { cookie: request.headers.get("cookie") ?? "" };
  const answer = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(6000) }).catch(() => null);
  if (!answer?.ok) return new NextResponse("Try again later", { status: 503, headers: { "retry-after": "5" } });
  const isSignedIn = (await answer.json()) !== null;
  const response = isSignedIn ? NextResponse.next() : NextResponse.redirect(new URL("/sign-in", request.url));
  for (const cookie of answer.headers.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}
