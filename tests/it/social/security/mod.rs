//! Attacks on sign-in with providers, by the advisories and classes that `SECURITY.md` lists.

mod apple;
mod code;
mod explicit_linking;
mod id_token;
mod linking;
mod mix_up;
mod parallel;
mod pre_hijack;
mod profile;
mod purpose;
mod state;
mod stored_tokens;
mod subject;
mod tabs;

use portcullis_testkit::{MockProvider, TestServer, TestServerBuilder};

use super::{ACCOUNTS, SESSIONS, USERS, server_with};

/// The ways in which states are stored.
const STRATEGIES: [&str; 2] = ["database", "cookie"];

/// A server with Google, which stores states in this way.
fn storing(strategy: &str, mock: &MockProvider) -> TestServerBuilder {
    server_with("google", mock).set("PORTCULLIS_ACCOUNT__STORE_STATE_STRATEGY", strategy)
}

/// Asserts that no user, no account and no session exists.
fn assert_nothing_stored(server: &TestServer, context: &str) {
    for statement in [USERS, ACCOUNTS, SESSIONS] {
        assert_eq!(server.rows(statement), 0, "{context}: {statement}");
    }
}
