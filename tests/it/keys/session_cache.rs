//! Proofs of the keys of `session_cache`.

use portcullis_testkit::TestServer;

use super::proof::{Proof, refused, server};
use crate::session_cache::is_in_memory;

/// How often a test looks, since the cache works a short time after the start of the server.
const LOOKS: u32 = 20;

/// The users of two whose sessions are in memory.
async fn users_in_memory(server: &TestServer) -> String {
    let ada = server.signed_up("ada").await;
    let bob = server.signed_up("bob").await;
    let mut found = String::new();
    for _ in 0..LOOKS {
        found.clear();
        for (name, user) in [("Ada", &ada), ("Bob", &bob)] {
            if is_in_memory(server, &user.cookies()).await {
                found.push_str(name);
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        server("session_cache.enabled", "true", users_in_memory, ["", "AdaBob"]),
        server("session_cache.max_entries", "1", users_in_memory, ["AdaBob", ""])
            .with("session_cache.enabled", "true"),
        refused(
            "session_cache.listen_url",
            "postgres://user@localhost/name?pgbouncer=true",
            "must not lead to a pooler",
        )
        .with("session_cache.enabled", "true"),
    ]
}
