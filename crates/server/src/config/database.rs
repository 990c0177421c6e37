//! The database.

use portcullis_persistence::{DatabaseUrl, PoolOptions};

use super::{mode::Mode, number::seconds, settings::Settings};

/// Which database, and how it is used.
#[derive(Clone, Debug)]
pub struct Database {
    /// Where it is; none in development where the program runs its own.
    pub url: Option<DatabaseUrl>,
    /// How its connections are used.
    pub pool: PoolOptions,
}

pub(super) fn read(settings: &mut Settings, mode: Mode) -> Database {
    let size = settings
        .number("database.pool_size")
        .and_then(|number| u32::try_from(number).ok());
    Database {
        url: url(settings, mode),
        pool: PoolOptions {
            size: size.unwrap_or_else(|| PoolOptions::default().size),
            acquire: seconds(settings, "database.acquire_timeout"),
            operation: seconds(settings, "database.operation_timeout"),
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
