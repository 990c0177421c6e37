//! The database.

use std::time::Duration;

use portcullis_domain::secret::Secret;
use portcullis_persistence::{DatabaseUrl, DeclaredFields, PoolOptions, StoreOptions};

use super::{
    compatibility::SHARED_DATABASE,
    declare::{SECONDS, number, secret},
    key::{Declaration, Key, Range},
    mode::Mode,
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

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &URL.declaration,
    &POOL_SIZE.declaration,
    &ACQUIRE_TIMEOUT.declaration,
    &OPERATION_TIMEOUT.declaration,
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
    Database {
        url: url(settings, mode),
        options: StoreOptions {
            pool: PoolOptions {
                size: size.unwrap_or_else(|| PoolOptions::default().size),
                acquire: settings.get(&ACQUIRE_TIMEOUT),
                operation: settings.get(&OPERATION_TIMEOUT),
            },
            shared_database: settings.get(&SHARED_DATABASE),
            fields,
        },
    }
}

fn url(settings: &mut Settings, mode: Mode) -> Option<DatabaseUrl> {
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
        .map_err(|error| {
            settings.refuse(&URL, format!("`database.url` (DATABASE_URL): {error}"));
        })
        .ok()
}
