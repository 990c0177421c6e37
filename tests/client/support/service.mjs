// A service outside of the deployment, on this machine.
import { once } from "node:events";
import http from "node:http";

/** Starts a service. `answer` receives a path and a body, and returns a status and a body. */
export async function startService(answer) {
  const listener = http.createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const [status, body] = answer(request.url, text);
    const type = typeof body === "string" ? "text/plain" : "application/json";
    response.writeHead(status, { "content-type": type }).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const host = `127.0.0.1:${listener.address().port}`;
  return {
    host,
    origin: `http://${host}`,
    stop() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
