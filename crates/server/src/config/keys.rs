//! The one table of keys: it drives the reading of the file and of the environment, and the documentation.

use portcullis_crypto::Argon2Parameters;

/// The least and the most of a whole number, and what it counts.
pub(super) struct Range {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) unit: &'static str,
}

/// What a key's value looks like.
pub(super) enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number(Range),
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// Several texts; in the environment, separated by commas.
    List,
    /// One of `built`; `unbuilt` are refused by name.
    Choice {
        built: &'static [&'static str],
        unbuilt: &'static [&'static str],
    },
}

/// What counts where a key is not given.
pub(super) enum Fallback {
    /// This value, written as in the environment.
    Value(&'static str),
    /// No value of the table: what happens then, for the documentation.
    Otherwise(&'static str),
}

use Fallback::{Otherwise, Value};

/// One key.
pub(super) struct Key {
    /// The name in the file, with dots.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) fallback: Fallback,
    /// One line for the documentation.
    pub(super) doc: &'static str,
}

impl Key {
    /// The key with this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The key's variable: `PORTCULLIS_SECTION__KEY`.
    pub(super) fn variable(&self) -> String {
        variable(self.name)
    }
}

/// The variable of a key with this name.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "__").to_uppercase())
}

/// How our variables begin.
pub(super) const PREFIX: &str = "PORTCULLIS_";

/// Names of variables that users of Better Auth have already, and the keys that they set.
pub(super) const ALIASES: [(&str, &str); 4] = [
    ("DATABASE_URL", "database.url"),
    ("BETTER_AUTH_SECRET", "secret"),
    ("BETTER_AUTH_URL", "base_url"),
    ("BETTER_AUTH_TRUSTED_ORIGINS", "trusted_origins"),
];

const SECONDS: &str = "seconds";
const BYTES: &str = "bytes";
/// Browsers keep no cookie longer.
const FOUR_HUNDRED_DAYS: u64 = 400 * 86_400;
/// The longest window of a rate limit, in seconds.
pub(super) const LONGEST_WINDOW: u64 = 86_400;
/// The most requests that a rate limit lets pass.
pub(super) const MOST_REQUESTS: u64 = 1_000_000;

const fn key(name: &'static str, kind: Kind, fallback: Fallback, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        fallback,
        doc,
    }
}

const fn choice(built: &'static [&'static str], unbuilt: &'static [&'static str]) -> Kind {
    Kind::Choice { built, unbuilt }
}

const fn number(least: u64, most: u64, unit: &'static str) -> Kind {
    Kind::Number(Range { least, most, unit })
}

/// Every key of this build.
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
        "secret",
        Kind::Secret,
        Otherwise("made once and kept in `.portcullis/secret` in development; required in production"),
        "What cookies are signed with. In production at least 32 characters; `portcullis secret` prints one.",
    ),
    key(
        "trusted_origins",
        Kind::List,
        Value(""),
        "Origins that may use the server beside its own: `https://app.example.com`, `https://*.example.com`, `myapp://`.",
    ),
    key(
        "trusted_proxies",
        Kind::List,
        Value(""),
        "Addresses or networks (CIDR) of proxies whose `X-Forwarded-For` is believed.",
    ),
    key(
        "advanced.use_secure_cookies",
        Kind::Boolean,
        Otherwise("by the scheme of `base_url`: `true` for https"),
        "Whether cookies are `Secure` and have the prefix `__Secure-`. `false` also allows http in production.",
    ),
    key(
        "compatibility.shared_database",
        Kind::Boolean,
        Value("false"),
        "Whether a Node server with Better Auth uses the same database: then new password hashes are scrypt, as there.",
    ),
    key(
        "database.url",
        Kind::Secret,
        Otherwise("a private PostgreSQL in development; required in production"),
        "The database: `postgres://USER:PASSWORD@HOST/NAME`.",
    ),
    key(
        "database.pool_size",
        number(1, 1000, "connections"),
        Otherwise("2 × cores + 2, at least 4"),
        "How many connections to hold at the most.",
    ),
    key(
        "database.acquire_timeout",
        number(1, 60, SECONDS),
        Value("1"),
        "How long a request waits for a connection before it is answered with 503.",
    ),
    key(
        "database.operation_timeout",
        number(1, 60, SECONDS),
        Value("3"),
        "How long one operation may take before its request is answered with 503.",
    ),
    key(
        "delivery.transport",
        choice(&["none"], &["inbox", "smtp", "webhook"]),
        Value("none"),
        "How messages reach people. With `none`, whatever sends messages is off.",
    ),
    key(
        "email_and_password.enabled",
        Kind::Boolean,
        Value("true"),
        "Whether an address and a password are a way in.",
    ),
    key(
        "email_and_password.disable_sign_up",
        Kind::Boolean,
        Value("false"),
        "Whether people are kept from becoming users by themselves.",
    ),
    key(
        "email_and_password.min_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("8"),
        "The fewest units of a new password.",
    ),
    key(
        "email_and_password.max_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("128"),
        "The most units of any password.",
    ),
    key(
        "email_and_password.revoke_sessions_on_password_reset",
        Kind::Boolean,
        Value("true"),
        "Whether a password reset ends the user's sessions. A reset needs a message: with `delivery.transport = \"none\"` there is none.",
    ),
    key(
        "limits.body",
        number(1024, 16_777_216, BYTES),
        Value("65536"),
        "The longest body of a request; 413 above.",
    ),
    key(
        "limits.head",
        number(1024, 65_536, BYTES),
        Value("16384"),
        "The longest head of a request; 431 above.",
    ),
    key(
        "limits.name",
        number(1, 4096, "code points"),
        Value("256"),
        "The longest name; 400 above.",
    ),
    key(
        "limits.url",
        number(64, 65_536, "code points"),
        Value("2048"),
        "The longest URL in a field; 400 above.",
    ),
    key(
        "limits.text",
        number(64, 65_536, "code points"),
        Value("4096"),
        "The longest text in any other field; 400 above.",
    ),
    key(
        "limits.user_agent",
        number(0, 4096, BYTES),
        Value("512"),
        "How much of the user agent is stored; the rest is cut.",
    ),
    key(
        "limits.request_timeout",
        number(1, 300, SECONDS),
        Value("5"),
        "How long a request may take before it is answered with 503.",
    ),
    key(
        "limits.drain_timeout",
        number(0, 600, SECONDS),
        Value("30"),
        "How long requests in flight may take to finish after SIGTERM.",
    ),
    key(
        "limits.workers",
        number(1, 1024, "threads"),
        Otherwise("as many as cores"),
        "How many threads serve requests.",
    ),
    key(
        "log.format",
        choice(&["json", "text"], &[]),
        Otherwise("`text` on a terminal, else `json`"),
        "How lines of the log look.",
    ),
    key(
        "log.level",
        choice(&["error", "warn", "info", "debug", "trace"], &[]),
        Value("info"),
        "The least important lines that are still written.",
    ),
    key(
        "password.argon2.lanes",
        number(1, 16, "lanes"),
        Value("1"),
        "Lanes of argon2id.",
    ),
    key(
        "password.argon2.memory",
        number(19_456, Argon2Parameters::MOST_MEMORY_KIB as u64, "KiB"),
        Value("19456"),
        "Memory of argon2id. With a single pass at least 47104.",
    ),
    key(
        "password.argon2.passes",
        number(1, Argon2Parameters::MOST_PASSES as u64, "passes"),
        Value("2"),
        "Passes of argon2id over its memory.",
    ),
    key(
        "password.hashing_permits",
        number(1, 1024, "hashes"),
        Otherwise("as many as cores"),
        "How many passwords are hashed at the same time.",
    ),
    key(
        "password.hashing_queue",
        number(0, 100_000, "requests"),
        Value("64"),
        "How many requests may wait for a hash; 503 above.",
    ),
    key(
        "password.refusal_floor_milliseconds",
        number(100, 3000, "milliseconds"),
        Value("300"),
        "How long after its arrival a failing sign-in is answered at the earliest, so that all of them look alike. Less than `limits.request_timeout`.",
    ),
    key(
        "rate_limit.enabled",
        Kind::Boolean,
        Otherwise("`true` in production, `false` in development"),
        "Whether requests and failing sign-ins are counted, and answered with 429 where they are too many.",
    ),
    key(
        "rate_limit.window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("10"),
        "The general rule: in how much time a client may send `max` requests to a path.",
    ),
    key(
        "rate_limit.max",
        number(1, MOST_REQUESTS, "requests"),
        Value("100"),
        "The general rule: how many requests of a client to a path in `window`.",
    ),
    key(
        "rate_limit.storage",
        choice(&["memory", "database"], &["redis", "secondary-storage"]),
        Otherwise("paths where secrets are tried in the database, all others in memory"),
        "Where requests are counted: by each replica for itself, or by all together.",
    ),
    key(
        "rate_limit.custom_rules",
        Kind::List,
        Value(""),
        "Rules for paths below the base path, of which the first that fits counts: `PATH WINDOW MAX` or `PATH off`, such as `/get-session 10 1000`; `*` is anything within a segment, `**` anything.",
    ),
    key(
        "rate_limit.failed_sign_ins",
        number(1, 100, "sign-ins"),
        Value("20"),
        "How many sign-ins to one account may fail in `failed_sign_in_window`, from wherever they come.",
    ),
    key(
        "rate_limit.failed_sign_in_window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("900"),
        "In how much time `failed_sign_ins` may fail.",
    ),
    key(
        "rate_limit.known_address_lifetime",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("2592000"),
        "For how long after a good sign-in its address may sign in to that account although `failed_sign_ins` have failed.",
    ),
    key(
        "session.expires_in",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Value("604800"),
        "How long a remembered session lives from its start or its last renewal.",
    ),
    key(
        "session.update_age",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("86400"),
        "How old a session must be to be renewed when it is read; at most `session.expires_in`.",
    ),
];
