//! Proofs of the keys of `session_cache`.

use portcullis_testkit::TestServer;

use super::proof::{Proof, refused, server};
use crate::session_cache::are_in_memory;

/// How often a test looks: on a busy machine, the cache does not answer all the time.
const LOOKS: u32 = 30;

/// Whether the sessions of two users are in memory at the same time.
async fn sessions_in_memory(server: &TestServer) -> String {
    let ada = server.signed_up("ada").await.cookies();
    let bob = server.signed_up("bob").await.cookies();
    for _ in 0..LOOKS {
        if are_in_memory(server, &[&ada, &bob]).await {
            return "both".to_owned();
        }
    }
    "at most one".to_owned()
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        server(
            "session_cache.enabled",
            "true",
            sessions_in_memory,
            ["at most one", "both"],
        ),
        server(
            "session_cache.max_entries",
            "1",
            sessions_in_memory,
            ["both", "at most one"],
        )
        .with("session_cache.enabled", "true"),
        refused(
            "session_cache.listen_url",
            "postgres://user@localhost/name?pgbouncer=true",
            "must not lead to a pooler",
        )
        .with("session_cache.enabled", "true"),
    ]
}
