//! Names of the triggers and of what they send, which the listener and the migrations share.

use super::function::has_our_source;
pub(crate) use super::function::{STORED, source};

/// The functions that the triggers of sessions and of users execute.
pub(crate) const FUNCTIONS: [&str; 2] = [SESSION_FUNCTION, USER_FUNCTION];
pub(crate) const SESSION_FUNCTION: &str = "portcullis_session_changed";
pub(crate) const USER_FUNCTION: &str = "portcullis_user_changed";

/// The triggers of each of the two tables, with their events.
pub(crate) const TRIGGERS: [(&str, &str); 3] = [
    (UPDATE, "UPDATE"),
    (DELETE, "DELETE"),
    ("portcullis_session_cache_truncate", "TRUNCATE"),
];
const UPDATE: &str = "portcullis_session_cache_update";
const DELETE: &str = "portcullis_session_cache_delete";

/// The beginning of the names of channels. The object identifier of the table follows, so that several schemas in one
/// database do not share a channel.
pub(crate) const CHANNEL: &str = "portcullis_changed_";

/// The payload for a change of any number of rows. Every other payload consists of hashes of ids.
pub(crate) const ANY_ROWS: &str = "*";
/// The beginning of payloads that only test whether notifications arrive.
pub(crate) const PROBE: &str = "?";
/// The number of hexadecimal digits of a hashed id.
pub(crate) const DIGITS: usize = 16;

/// Returns a condition on rows `t` of `pg_trigger` and `p` of `pg_proc`: it is one of the triggers, it always fires, and its
/// function is that of this version.
pub(crate) fn is_ours() -> String {
    let list = |names: &mut dyn Iterator<Item = &str>| {
        names
            .map(|name| format!("'{name}'"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let triggers = list(&mut TRIGGERS.iter().map(|(name, _)| *name));
    let functions = list(&mut FUNCTIONS.into_iter());
    format!(
        "p.oid = t.tgfoid AND p.proname IN ({functions}) AND t.tgname IN ({triggers}) AND t.tgenabled = 'A' \
         AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0 AND {}",
        has_our_source()
    )
}
