// Caddy with the configuration of the documentation.
import { adapt, blocks } from "./support/page.mjs";
import { suite } from "./support/suite.mjs";

const [example] = blocks("caddyfile");

function configure({ port, certificate, portcullis, application }) {
  const site = adapt(example, {
    "127.0.0.1:4400": `127.0.0.1:${portcullis}`,
    "127.0.0.1:8000": `127.0.0.1:${application}`,
    "app.example.com {": `https://app.example.com:${port} {
\tbind 127.0.0.1
\ttls ${certificate.certificate} ${certificate.key}`,
  });
  return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`;
}

suite({
  configure,
  command: ({ file }) => ["caddy", "run", "--adapter", "caddyfile", "--config", file],
  unavailable: 503,
});
