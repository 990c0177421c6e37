//! The memory of the process under load.

use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_production};

const USERS: usize = 20;
const PERMITS: usize = 2;
const MIB: usize = 1024 * 1024;

/// Sends requests at the same time. All must be answered with 200.
fn burst(server: &Running, path: &str, body: impl Fn(usize) -> String) {
    let exchanges: Vec<_> = (0..USERS).map(|user| server.post(path, &body(user))).collect();
    for exchange in exchanges {
        assert_eq!(exchange.answer(), 200, "{path}");
    }
}

/// Returns by how much bursts of sign-ups and sign-ins increase the peak memory.
fn growth(variables: &[(&str, &str)]) -> usize {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    program.env("PORTCULLIS_PASSWORD__HASHING_PERMITS", PERMITS.to_string());
    let server = Running::start(program.envs(variables.iter().copied()));
    server.wait_for_status("/health/ready", 200);
    let idle = server.peak_memory();
    let address = |user| format!(r#""email":"user-{user}@example.com","password":"long enough""#);
    burst(&server, "/api/auth/sign-up/email", |user| {
        format!(r#"{{"name":"N",{}}}"#, address(user))
    });
    for _ in 0..5 {
        burst(&server, "/api/auth/sign-in/email", |user| {
            format!("{{{}}}", address(user))
        });
    }
    server.peak_memory() - idle
}

#[test]
fn bursts_of_sign_ups_and_sign_ins_use_little_more_memory_than_the_permitted_hashes() {
    for (variables, cost) in [
        (&[][..], 19 * MIB),
        (&[("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")], 32 * MIB),
    ] {
        let growth = growth(variables);
        let bound = 2 * PERMITS * cost + 32 * MIB;
        assert!(growth < bound, "{variables:?}: {} MiB", growth / MIB);
    }
}
