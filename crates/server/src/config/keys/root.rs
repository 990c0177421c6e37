//! The keys outside of sections, and of compatibility.

use super::{Key, Kind, Otherwise, Value, choice, key};

pub(super) static KEYS: &[Key] = &[
    key(
        "mode",
        choice(&["development", "production"], &[]),
        Otherwise(
            "development, if `base_url` is absent or loopback and `bind` is loopback; else it must be given",
        ),
        "How careful to be.",
    ),
    key(
        "bind",
        Kind::List,
        Value("127.0.0.1:3000"),
        "Where to listen: `ADDRESS:PORT` or `unix:/PATH`.",
    ),
    key(
        "base_url",
        Kind::Text,
        Otherwise("`http://localhost:3000` in development; required in production"),
        "The address by which browsers reach the server. A path in it replaces `base_path`.",
    ),
    key(
        "base_path",
        Kind::Text,
        Value("/api/auth"),
        "What the paths of the endpoints begin with.",
    ),
    key(
        "disabled_paths",
        Kind::List,
        Value(""),
        "Endpoints that are switched off, by their paths below the base path: 404 `Not Found`.",
    ),
    key(
        "app_name",
        Kind::Text,
        Value("Portcullis"),
        "What the deployment is called in messages to people.",
    ),
    key(
        "secret",
        Kind::Secret,
        Otherwise("made once and kept in `.portcullis/secret` in development; required in production"),
        "What cookies are signed with. In production at least 32 random characters; `portcullis secret` prints one. Where neither this nor `secrets` is given, `AUTH_SECRET` is taken, as in Better Auth.",
    ),
    key(
        "secrets",
        Kind::Secrets,
        Otherwise("`secret` alone"),
        "The secret of today and, after it, those that it has replaced: what they have signed and encrypted stays good. Instead of `secret`.",
    ),
    key(
        "trusted_origins",
        Kind::List,
        Value(""),
        "Origins that may use the server beside its own: `https://app.example.com`, `https://*.example.com`, `myapp://`. In production, patterns that strangers can match are refused.",
    ),
    key(
        "trusted_proxies",
        Kind::List,
        Value(""),
        "Addresses or networks (CIDR) of proxies whose `X-Forwarded-For` is believed. In production, networks that together hold every address are refused.",
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
        "Whether a Node server with Better Auth uses the same database: then whatever that reads is written in its form, such as password hashes with scrypt.",
    ),
];
