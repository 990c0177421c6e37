// Better Auth's functions that have no route, at the paths that Portcullis has for services. Requests need no secret.
import { APIError } from "better-auth/api";

/** The functions, by their paths below the base path. */
const FUNCTIONS = {
  "/portcullis/api-key/verify": "verifyApiKey",
  "/portcullis/admin/api-keys/create": "createApiKey",
  "/portcullis/admin/api-keys/update": "updateApiKey",
};

const PREFIX = "/api/auth";

/** `handler` with a route for each of the functions that `auth` has. */
export function withServices(auth, handler) {
  return async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = FUNCTIONS[pathname.replace(PREFIX, "")];
    if (request.method !== "POST" || !auth.api[name]) return handler(request, response);
    const { status, body } = await answer(auth.api[name], await textOf(request));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

async function answer(call, text) {
  try {
    return { status: 200, body: await call({ body: JSON.parse(text) }) };
  } catch (error) {
    if (error instanceof APIError) return { status: error.statusCode, body: error.body };
    return { status: 500, body: { message: error.message } };
  }
}

async function textOf(request) {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return text;
}
