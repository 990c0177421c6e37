//! Proofs of the keys of `plugins.last_login_method`.

use super::{
    looks::signing_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.last_login_method.enabled";
const COOKIE_NAME: &str = "plugins.last_login_method.cookie_name";

pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            COOKIE_NAME,
            "last",
            signing_up,
            [
                "set-cookie: better-auth.last_used_login_method=email",
                "set-cookie: last=email",
            ],
        ),
        refused(
            COOKIE_NAME,
            "better-auth.session_token",
            "the name of another cookie",
        ),
        server(
            "plugins.last_login_method.max_age",
            "3600",
            signing_up,
            ["=email; Max-Age=2592000", "=email; Max-Age=3600"],
        ),
        server(
            "plugins.last_login_method.store_in_database",
            "true",
            signing_up,
            ["", r#""lastLoginMethod":"email""#],
        ),
    ];
    let mut proofs = vec![server(
        ENABLED,
        "true",
        signing_up,
        ["", "last_used_login_method=email"],
    )];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
