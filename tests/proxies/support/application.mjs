// An application behind a proxy: it answers with the request that it has received.
import { once } from "node:events";
import http from "node:http";

/** Starts the application on a free port. `requests` is the number of requests that have reached it. */
export async function startApplication() {
  const application = { requests: 0 };
  const server = http.createServer((request, response) => {
    application.requests += 1;
    const { method, url, rawHeaders } = request;
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(chunks).toString() }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  application.port = server.address().port;
  application.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return application;
}
