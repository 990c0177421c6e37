//! Proofs of the keys of `plugins.have_i_been_pwned`.

use std::{sync::LazyLock, thread, time::Duration};

use portcullis_testkit::{MockService, ReceivedRequest};

use super::{
    looks::signing_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.have_i_been_pwned.enabled";
const RANGE_URL: &str = "plugins.have_i_been_pwned.range_url";
const ALLOWED_HOSTS: &str = "plugins.have_i_been_pwned.allowed_hosts";
const SIGNED_UP: &str = "200\n";
const REFUSED: &str = "PASSWORD_COMPROMISED";
const UNCHECKED: &str = "FAILED_TO_CHECK_PASSWORD";
/// The hash of Ada's password, after its first five digits.
const SUFFIX: &str = "FBD6D76BB5D2041542D7D2E3FAC5BB05593";

/// A line about another password.
const OTHER: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:2\r\n";

/// A service whose path names how it answers.
static LIST: LazyLock<MockService> = LazyLock::new(|| MockService::start(answer));

fn answer(request: &ReceivedRequest) -> (u16, String) {
    match request.path.as_str() {
        "/list/E6B6A" => (200, format!("{SUFFIX}:2\r\n")),
        "/slow/E6B6A" => {
            thread::sleep(Duration::from_millis(1800));
            (200, OTHER.to_owned())
        }
        "/other/E6B6A" => (200, OTHER.to_owned()),
        _ => (503, String::new()),
    }
}

/// Proves that Ada's sign-up is answered otherwise, with a list that answers in this way.
fn proof(key: &'static str, value: &str, way: &str, seen: [&'static str; 2]) -> Proof {
    let proof = server(key, value, signing_up, seen).with(ALLOWED_HOSTS, &LIST.host());
    match key {
        RANGE_URL => proof.instead_of(&LIST.url(way)),
        _ => proof.with(RANGE_URL, &LIST.url(way)),
    }
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        proof(ENABLED, "false", "/list", [REFUSED, SIGNED_UP]),
        proof(
            "plugins.have_i_been_pwned.custom_password_compromised_message",
            "Pick another one",
            "/list",
            ["Please choose", "Pick another one"],
        ),
        proof(
            "plugins.have_i_been_pwned.paths",
            "/change-password",
            "/list",
            [REFUSED, SIGNED_UP],
        ),
        proof(
            "plugins.have_i_been_pwned.on_outage",
            "allow",
            "/down",
            [UNCHECKED, SIGNED_UP],
        ),
        proof(
            "plugins.have_i_been_pwned.timeout",
            "1",
            "/slow",
            [SIGNED_UP, UNCHECKED],
        )
        .instead_of("10"),
        proof(RANGE_URL, &LIST.url("/other"), "/list", [REFUSED, SIGNED_UP]),
        refused(ALLOWED_HOSTS, "http://localhost", "is not a host"),
    ]
}
