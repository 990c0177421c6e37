//! The database.

use std::time::Duration;

use portcullis_domain::secret::Secret;
use portcullis_persistence::{
    DatabaseUrl, DatabaseUrlError, DeclaredFields, PoolOptions, SchemaFacts, StandbyOptions, StoreOptions,
};

use super::{
    compatibility::SHARED_DATABASE,
    declare::{SECONDS, number, secret, text},
    key::{Declaration, Key, Range},
    mode::Mode,
    session_cache,
    settings::Settings,
};

pub(super) const URL: Key<Option<Secret<String>>> = secret(
    "database.url",
    "URL of the PostgreSQL database: `postgres://USER:PASSWORD@HOST/NAME`.",
)
.otherwise("a private PostgreSQL in development; required in production");
const POOL_SIZE: Key<Option<u32>> = number(
    "database.pool_size",
    Range::new(1, 1000, "connections"),
    "Maximum number of connections to the database.",
)
.otherwise("2 × cores + 2, at least 4");
const ACQUIRE_TIMEOUT: Key<Duration> = number(
    "database.acquire_timeout",
    Range::new(1, 60, SECONDS),
    "How long a request waits for a free connection; 503 after that.",
)
.or("1");
const OPERATION_TIMEOUT: Key<Duration> = number(
    "database.operation_timeout",
    Range::new(1, 60, SECONDS),
    "How long a database operation may take; 503 after that.",
)
.or("3");

const ADOPTED_SCHEMA: Key<String> = text(
    "database.adopted_schema",
    "Schema that `portcullis adopt` creates, with views of the application's tables and with the server's own tables. If it exists before, it must be empty.",
)
.or(portcullis_persistence::ADOPTED_SCHEMA);

const READ_URL: Key<Option<Secret<String>>> = secret(
    "database.read_url",
    "URL of a hot standby of the database, which answers session checks. The primary answers them while the standby lags by more than `database.max_read_lag` or cannot be reached.",
)
.otherwise("the primary answers session checks");
const MAX_READ_LAG: Key<u64> = number(
    "database.max_read_lag",
    Range::new(10, 60_000, "milliseconds"),
    "Maximum time for which the standby may return a session that was revoked by another process.",
)
.or("100");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &URL.declaration,
    &POOL_SIZE.declaration,
    &ACQUIRE_TIMEOUT.declaration,
    &OPERATION_TIMEOUT.declaration,
    &ADOPTED_SCHEMA.declaration,
    &READ_URL.declaration,
    &MAX_READ_LAG.declaration,
];

/// The database, and how it is used.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its URL. `None` in development: the program runs a private one.
    pub url: Option<DatabaseUrl>,
    /// Options of the store.
    pub options: StoreOptions,
}

pub(super) fn read(settings: &mut Settings, mode: Mode, fields: DeclaredFields) -> Database {
    let size = settings.get(&POOL_SIZE);
    let schema = adopted_schema(settings);
    let url = url(settings, mode, &schema);
    Database {
        options: StoreOptions {
            pool: PoolOptions {
                size: size.unwrap_or_else(|| PoolOptions::default().size),
                acquire: settings.get(&ACQUIRE_TIMEOUT),
                operation: settings.get(&OPERATION_TIMEOUT),
            },
            shared_database: settings.get(&SHARED_DATABASE),
            fields,
            facts: SchemaFacts::default(),
            standby: standby(settings, schema),
            session_cache: session_cache::read(settings, url.as_ref()),
        },
        url,
    }
}

fn url(settings: &mut Settings, mode: Mode, schema: &str) -> Option<DatabaseUrl> {
    let Some(text) = settings.get(&URL) else {
        if mode == Mode::Production && !settings.is_given(&URL) {
            settings.refuse(
                &URL,
                "`database.url` is required in production: set DATABASE_URL=postgres://USER:PASSWORD@HOST/NAME",
            );
        }
        return None;
    };
    DatabaseUrl::parse(text.expose())
        .map(|url| url.with_adopted_schema(schema))
        .map_err(|error| {
            settings.refuse(&URL, format!("`database.url`: {error}"));
        })
        .ok()
}

fn standby(settings: &mut Settings, schema: String) -> Option<StandbyOptions> {
    let max_lag = Duration::from_millis(settings.get(&MAX_READ_LAG));
    let text = settings.get(&READ_URL)?;
    if !settings.is_given(&URL) {
        settings.refuse(
            &READ_URL,
            "`database.read_url` is the URL of a standby of the database in `database.url`: set that too",
        );
    }
    let refuse = |error: DatabaseUrlError| {
        settings.refuse(&READ_URL, format!("`database.read_url`: {error}"));
    };
    let url = DatabaseUrl::parse_standby(text.expose()).map_err(refuse).ok()?;
    Some(StandbyOptions {
        url: url.with_adopted_schema(schema),
        max_lag,
    })
}

/// Returns the name of the schema. It must need no quotes, since it is part of many statements.
fn adopted_schema(settings: &mut Settings) -> String {
    let name = settings.get(&ADOPTED_SCHEMA);
    let begins_well = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let is_taken = name.starts_with("pg_") || name == "public" || name == "information_schema";
    if !begins_well || !is_word || is_taken || name.len() > 63 {
        settings.refuse(
            &ADOPTED_SCHEMA,
            "`database.adopted_schema` must be a name of lower-case letters, digits and `_` that is not \"public\" and does not begin with \"pg_\"",
        );
    }
    name
}
