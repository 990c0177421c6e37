// The deployment: etcd, two PostgreSQL servers under Patroni, PgBouncer, HAProxy and two servers of ours.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { freePort } from "../../support/process.mjs";
import { killPostgres, Programs, until } from "./programs.mjs";

const run = promisify(execFile);
const SECRET = "OrvGXzE1hmAkuvd3gm7W0kbLSkhr2GT9";
/** The shortest time that Patroni permits until a primary that has disappeared is replaced. */
const TTL = 20;

export class Deployment {
  static async start({ readUrl }) {
    const deployment = new Deployment();
    try {
      await deployment.#start(readUrl);
    } catch (error) {
      await deployment.end();
      throw error;
    }
    return deployment;
  }

  programs = new Programs();
  nodes = {};
  servers = {};

  async #start(readUrl) {
    await this.#startEtcd();
    for (const name of ["a", "b"]) await this.#prepareNode(name);
    this.startNode("a");
    await until("there is no primary", 60, () => this.isPrimary("a"));
    this.startNode("b");
    await this.untilSynchronous();
    await this.#startProxies();
    await this.sql("CREATE DATABASE portcullis", "postgres");
    await this.#startServers(readUrl);
  }

  async #startEtcd() {
    const [client, peer] = [await freePort(), await freePort()];
    const urls = (port) => `http://127.0.0.1:${port}`;
    this.programs.start("etcd", [
      "etcd",
      ...["--name", "one", "--data-dir", this.programs.makeFolder("etcd")],
      ...["--listen-client-urls", urls(client), "--advertise-client-urls", urls(client)],
      ...["--listen-peer-urls", urls(peer), "--initial-advertise-peer-urls", urls(peer)],
      ...["--initial-cluster", `one=${urls(peer)}`],
    ]);
    this.etcd = client;
    await until("etcd does not answer", 30, () => answers(`${urls(client)}/health`));
  }

  async #prepareNode(name) {
    const node = { name, port: await freePort(), rest: await freePort() };
    node.data = path.join(this.programs.folder, `data-${name}`);
    node.config = this.programs.write(`patroni-${name}.yml`, this.#patroniConfig(node));
    this.nodes[name] = node;
  }

  #patroniConfig({ name, port, rest, data }) {
    const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => b - a);
    return JSON.stringify({
      scope: "portcullis",
      name,
      restapi: { listen: `127.0.0.1:${rest}`, connect_address: `127.0.0.1:${rest}` },
      etcd3: { hosts: `127.0.0.1:${this.etcd}` },
      bootstrap: {
        dcs: {
          ttl: TTL,
          loop_wait: 2,
          retry_timeout: 5,
          synchronous_mode: true,
          postgresql: {
            use_pg_rewind: true,
            parameters: { max_connections: 100, wal_keep_size: "512MB", wal_log_hints: "on" },
          },
        },
        initdb: [{ encoding: "UTF8" }, { auth: "trust" }],
      },
      postgresql: {
        listen: `127.0.0.1:${port}`,
        connect_address: `127.0.0.1:${port}`,
        data_dir: data,
        bin_dir: `/usr/lib/postgresql/${versions[0]}/bin`,
        pgpass: path.join(this.programs.folder, `pgpass-${name}`),
        parameters: { unix_socket_directories: this.programs.folder },
        pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust", "local all all trust"],
        authentication: { superuser: { username: "postgres" }, replication: { username: "postgres" } },
      },
    });
  }

  startNode(name) {
    const node = this.nodes[name];
    node.patroni = this.programs.start(`patroni-${name}`, ["patroni", node.config]);
  }

  /** Kills a node as a crash of its machine would. */
  killNode(name) {
    const node = this.nodes[name];
    node.patroni.kill("SIGKILL");
    killPostgres(node.data);
  }

  isPrimary(name) {
    return answers(`http://127.0.0.1:${this.nodes[name].rest}/primary`);
  }

  /** Returns the name of the primary. */
  async primary() {
    for (const name of Object.keys(this.nodes)) if (await this.isPrimary(name)) return name;
    return undefined;
  }

  /** Waits until the standby takes part in every commit. */
  async untilSynchronous() {
    await until("there is no synchronous standby", 120, async () => {
      const standby = Object.values(this.nodes).map(({ rest }) => answers(`http://127.0.0.1:${rest}/synchronous`));
      return (await Promise.all(standby)).some(Boolean);
    });
  }

  async switchOver(from, to) {
    const response = await fetch(`http://127.0.0.1:${this.nodes[from].rest}/switchover`, {
      method: "POST",
      body: JSON.stringify({ leader: from, candidate: to }),
    });
    if (!response.ok) throw new Error(`the switchover failed: ${response.status} ${await response.text()}`);
  }

  async #startProxies() {
    this.ports = { primary: await freePort(), standby: await freePort(), pooler: await freePort(), http: await freePort() };
    for (const name of ["one", "two"]) this.servers[name] = { name, port: await freePort() };
    this.programs.start("haproxy", ["haproxy", "-db", "-f", this.programs.write("haproxy.cfg", this.#haproxyConfig())]);
    this.programs.start("pgbouncer", ["pgbouncer", this.programs.write("pgbouncer.ini", this.#pgbouncerConfig())]);
    const url = `postgres://postgres@127.0.0.1:${this.ports.pooler}/postgres`;
    // HAProxy takes every server for one that works until it has checked it twice.
    await sleep(3000);
    await until("PgBouncer does not reach the primary", 60, () => succeeds(url));
  }

  #haproxyConfig() {
    const nodes = Object.values(this.nodes).map(
      ({ name, port, rest }) => `  server ${name} 127.0.0.1:${port} check port ${rest}`,
    );
    const postgres = (port, role) => `
listen ${role}
  bind 127.0.0.1:${port}
  mode tcp
  option httpchk OPTIONS /${role}
  http-check expect status 200
  timeout client 1h
  timeout server 1h
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.join("\n")}`;
    const servers = Object.values(this.servers).map(({ name, port }) => `  server ${name} 127.0.0.1:${port} check`);
    return `
global
  maxconn 2000
defaults
  timeout connect 2s
  timeout client 30s
  timeout server 30s
${postgres(this.ports.primary, "primary")}
${postgres(this.ports.standby, "replica")}
listen http
  bind 127.0.0.1:${this.ports.http}
  mode http
  option httpchk GET /health/ready
  option redispatch 1
  default-server inter 500ms fall 2 rise 1
${servers.join("\n")}
`;
  }

  #pgbouncerConfig() {
    return `
[databases]
* = host=127.0.0.1 port=${this.ports.primary} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${this.ports.pooler}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 200
server_connect_timeout = 2
server_login_retry = 1
query_wait_timeout = 5
`;
  }

  async #startServers(readUrl) {
    this.environment = {
      DATABASE_URL: `postgres://postgres@127.0.0.1:${this.ports.pooler}/portcullis?pgbouncer=true`,
      BETTER_AUTH_SECRET: SECRET,
      BETTER_AUTH_URL: `http://127.0.0.1:${this.ports.http}`,
      PORTCULLIS_LOG__FORMAT: "json",
    };
    if (readUrl) {
      const url = `postgres://postgres@127.0.0.1:${this.ports.standby}/portcullis?application_name=at-standby`;
      this.environment.PORTCULLIS_DATABASE__READ_URL = url;
    }
    for (const name of Object.keys(this.servers)) await this.startServer(name);
    await until("HAProxy does not reach our servers", 60, () => answers(`${this.url}/api/auth/ok`));
  }

  async startServer(name) {
    const server = this.servers[name];
    const environment = { ...this.environment, PORTCULLIS_BIND: `127.0.0.1:${server.port}` };
    server.process = this.programs.start(`server-${name}`, [process.env.PORTCULLIS_BIN], environment);
    await until(`server ${name} is not ready`, 60, () => answers(`http://127.0.0.1:${server.port}/health/ready`));
  }

  killServer(name) {
    this.servers[name].process.kill("SIGKILL");
  }

  get url() {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  /** Returns the lines that a statement returns at the primary. */
  async sql(statement, database = "portcullis", port = this.ports.primary) {
    const url = `postgres://postgres@127.0.0.1:${port}/${database}`;
    const { stdout } = await run("psql", ["-XAtqc", statement, url]);
    return stdout.split("\n").filter(Boolean);
  }

  end() {
    return this.programs.end();
  }
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

async function succeeds(url) {
  try {
    await run("psql", ["-XAtqc", "SELECT 1", url], { env: { ...process.env, PGCONNECT_TIMEOUT: "3" } });
    return true;
  } catch {
    return false;
  }
}
