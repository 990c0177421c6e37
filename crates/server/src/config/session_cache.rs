//! The session cache in memory.

use portcullis_domain::secret::Secret;
use portcullis_persistence::{DatabaseUrl, SessionCacheOptions};

use super::{
    declare::{boolean, number, secret},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const ENABLED: Key<bool> = boolean("session_cache.enabled", "Keep sessions in the memory of the server, and answer session checks without the database while PostgreSQL reports every change of sessions and users. The server sees a change by another program after 80 ms at most. `portcullis migrate` creates the triggers that this needs.").or("false");
const MAX_ENTRIES: Key<u32> = number(
    "session_cache.max_entries",
    Range::new(1, 100_000_000, "sessions"),
    "Maximum number of sessions in memory. The least recently used ones are removed first.",
)
.or("100000");
const LISTEN_URL: Key<Option<Secret<String>>> = secret(
    "session_cache.listen_url",
    "URL of the same database for the connection that receives notifications. Required if `database.url` leads to a pooler that shares connections among clients (`pgbouncer=true`).",
)
.otherwise("`database.url`");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &MAX_ENTRIES.declaration,
    &LISTEN_URL.declaration,
];

/// Reads the options of the session cache. `None`: it is disabled.
pub(super) fn read(settings: &mut Settings, of_store: Option<&DatabaseUrl>) -> Option<SessionCacheOptions> {
    let is_on = settings.get(&ENABLED);
    let listen_url = listen_url(settings, of_store);
    if is_on && listen_url.is_none() && of_store.is_some_and(DatabaseUrl::is_behind_a_pooler) {
        settings.refuse(
            &ENABLED,
            "`session_cache.enabled` needs a connection of its own, and `database.url` leads to a pooler (`pgbouncer=true`): set `session_cache.listen_url` to a URL that leads to PostgreSQL itself",
        );
    }
    let max_entries = settings.get(&MAX_ENTRIES);
    is_on.then_some(SessionCacheOptions {
        max_entries,
        listen_url,
    })
}

fn listen_url(settings: &mut Settings, of_store: Option<&DatabaseUrl>) -> Option<DatabaseUrl> {
    let text = settings.get(&LISTEN_URL)?;
    match DatabaseUrl::parse(text.expose()) {
        Ok(url) if url.is_behind_a_pooler() => {
            settings.refuse(
                &LISTEN_URL,
                "`session_cache.listen_url` must not lead to a pooler (`pgbouncer=true`), which does not pass notifications on",
            );
            None
        }
        Ok(url) => Some(match of_store {
            Some(of_store) => url.with_adopted_schema(of_store.adopted_schema()),
            None => url,
        }),
        Err(error) => {
            settings.refuse(&LISTEN_URL, format!("`session_cache.listen_url`: {error}"));
            None
        }
    }
}
