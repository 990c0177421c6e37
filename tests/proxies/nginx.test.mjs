// nginx with the configuration of the documentation.
import { existsSync } from "node:fs";

import { adapt, blocks } from "./support/page.mjs";
import { suite } from "./support/suite.mjs";

const [example] = blocks("nginx");
const program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].find(existsSync) ?? "nginx";

function configure({ folder, port, certificate, portcullis, application }) {
  const server = adapt(example, {
    "127.0.0.1:4400": `127.0.0.1:${portcullis}`,
    "127.0.0.1:8000": `127.0.0.1:${application}`,
    "listen 443 ssl": `listen 127.0.0.1:${port} ssl`,
    "/etc/ssl/app.example.com.pem": certificate.certificate,
    "/etc/ssl/app.example.com.key": certificate.key,
  });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const folders = temporary.map((name) => `${name}_temp_path ${folder}/${name};`);
  // The folder belongs to the user who runs the test, and the workers must reach it.
  const user = process.getuid() === 0 ? "user root;" : "";
  return `${user} daemon off; pid ${folder}/pid; error_log stderr;
    events {} http { access_log off; ${folders.join(" ")}
    ${server} }`;
}

suite({
  configure,
  command: ({ folder, file }) => [program, "-p", folder, "-e", "stderr", "-c", file],
  unavailable: 500,
});
