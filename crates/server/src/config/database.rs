//! The database.

use portcullis_persistence::{DatabaseUrl, DeclaredFields, PoolOptions, StoreOptions};

use super::{mode::Mode, number::seconds, settings::Settings};

/// The database, and how it is used.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its URL. `None` in development: the program runs a private one.
    pub url: Option<DatabaseUrl>,
    /// Options of the store.
    pub options: StoreOptions,
}

pub(super) fn read(settings: &mut Settings, mode: Mode, fields: DeclaredFields) -> Database {
    let size = settings
        .number("database.pool_size")
        .and_then(|number| u32::try_from(number).ok());
    Database {
        url: url(settings, mode),
        options: StoreOptions {
            pool: PoolOptions {
                size: size.unwrap_or_else(|| PoolOptions::default().size),
                acquire: seconds(settings, "database.acquire_timeout"),
                operation: seconds(settings, "database.operation_timeout"),
            },
            shared_database: settings
                .boolean("compatibility.shared_database")
                .unwrap_or_default(),
            fields,
        },
    }
}

fn url(settings: &mut Settings, mode: Mode) -> Option<DatabaseUrl> {
    let Some(text) = settings.secret("database.url") else {
        if mode == Mode::Production && !settings.is_given("database.url") {
            settings.refuse(
                "database.url",
                "`database.url` is required in production: set DATABASE_URL=postgres://USER:PASSWORD@HOST/NAME",
            );
        }
        return None;
    };
    DatabaseUrl::parse(text.expose())
        .map_err(|error| {
            settings.refuse("database.url", format!("`database.url` (DATABASE_URL): {error}"));
        })
        .ok()
}
