//! The keys outside of sections, and those of `dev` and `compatibility`.

use super::{Key, Kind, Otherwise, Value, choice, key};

pub(super) static KEYS: &[Key] = &[
    key(
        "mode",
        choice(&["development", "production"], &[]),
        Otherwise(
            "`development` if `bind` and `base_url` contain loopback addresses only; otherwise required",
        ),
        "`development` creates a missing secret and database. `production` requires them and rejects dangerous settings.",
    ),
    key(
        "bind",
        Kind::List,
        Value("127.0.0.1:3000"),
        "Addresses to listen on: `ADDRESS:PORT` or `unix:/PATH`.",
    ),
    key(
        "base_url",
        Kind::Text,
        Otherwise("`http://localhost:3000` in development; required in production"),
        "URL by which browsers reach the server. A path in it replaces `base_path`.",
    ),
    key(
        "base_path",
        Kind::Text,
        Value("/api/auth"),
        "Prefix of the endpoints' paths.",
    ),
    key(
        "disabled_paths",
        Kind::List,
        Value(""),
        "Endpoints to disable, as paths below the base path: 404 `Not Found`.",
    ),
    key(
        "app_name",
        Kind::Text,
        Value("Portcullis"),
        "Name of the application in messages to users.",
    ),
    key(
        "secret",
        Kind::Secret,
        Otherwise("created once in `.portcullis/secret` in development; required in production"),
        "Secret that signs cookies. In production, it must have at least 32 random characters; `portcullis secret` prints one. If neither this nor `secrets` is set, the variable `AUTH_SECRET` is used, as in Better Auth.",
    ),
    key(
        "secrets",
        Kind::Secrets,
        Otherwise("only `secret`"),
        "The current secret, followed by previous ones. What previous secrets have signed and encrypted stays valid. Set this instead of `secret`.",
    ),
    key(
        "trusted_origins",
        Kind::List,
        Value(""),
        "Origins that may use the server, in addition to its own: `https://app.example.com`, `https://*.example.com`, `myapp://`. In production, patterns that match sites of strangers are rejected.",
    ),
    key(
        "trusted_proxies",
        Kind::List,
        Value(""),
        "Addresses or networks (CIDR) of proxies whose `X-Forwarded-For` is trusted. In production, networks that together contain every address are rejected.",
    ),
    key(
        "dev.inbox",
        Kind::Boolean,
        Value("true"),
        "Show the messages of `delivery.transport = \"inbox\"` at `/dev/inbox`, in development. If `false`, the page does not exist; links are still printed on standard error.",
    ),
    key(
        "compatibility.shared_database",
        Kind::Boolean,
        Value("false"),
        "Set this if a Node server with Better Auth uses the same database. Data that it reads is then written in its format; for example, passwords are hashed with scrypt.",
    ),
];
