//! Proofs of the keys of cookies.

use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, provided, refused, server},
    provided::{Provided, Shape},
    social_providers::configured,
};
use crate::social::flow::body;

const COOKIES: [&str; 3] = ["session_token", "session_data", "dont_remember"];
const STATE: &str = "state";
const OAUTH_STATE: &str = "oauth_state";
const ACCOUNT_DATA: &str = "account_data";

/// The cookies of an answer whose lines contain this text.
fn lines(answer: &Answer, cookie: &str) -> String {
    let lines: Vec<_> = answer.cookies().filter(|line| line.contains(cookie)).collect();
    format!("{}: {}; ", answer.status, lines.join("; \n"))
}

/// Proves that `key` changes the cookie with this name: those of sessions at a sign-up with `rememberMe: false`, the others
/// at a sign-in with a provider.
fn cookie(key: &'static str, value: &str, cookie: &'static str, seen: [&'static str; 2]) -> Proof {
    match cookie {
        STATE => of_state(key, value, cookie, seen),
        OAUTH_STATE => of_state(key, value, cookie, seen).with("account.store_state_strategy", "cookie"),
        ACCOUNT_DATA => of_account(key, value, seen),
        _ => of_session(key, value, cookie, seen),
    }
}

fn of_state(key: &'static str, value: &str, cookie: &'static str, seen: [&'static str; 2]) -> Proof {
    let look = async move |server: &TestServer| {
        let call = server.anonymous();
        let answer = call.post("/sign-in/social", &body("google")).send().await;
        lines(&answer, cookie)
    };
    configured(server(key, value, look, seen), "google")
}

fn of_account(key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    let look = async |on: &Provided| lines(&on.sign_in().await.1, ACCOUNT_DATA);
    provided(Shape::Social("google"), key, value, look, seen).with("account.store_account_cookie", "true")
}

fn of_session(key: &'static str, value: &str, cookie: &'static str, seen: [&'static str; 2]) -> Proof {
    let look = async move |server: &TestServer| {
        let (_, answer) = sign_up(server, json!({ "rememberMe": false })).await;
        lines(&answer, cookie)
    };
    server(key, value, look, seen).with("session.cookie_cache.enabled", "true")
}

/// Proofs of the six attribute keys of `section`, by their effect on this cookie.
fn attributes(section: &str, which: &'static str) -> Vec<Proof> {
    let key = |name: &str| -> &'static str {
        let key = format!("{section}.{name}");
        portcullis_server::config_keys()
            .find(|known| known.name == key)
            .unwrap()
            .name
    };
    let secure = key("secure");
    vec![
        cookie(key("domain"), "localhost", which, ["", "; Domain=localhost;"]),
        cookie(key("path"), "/api", which, ["; Path=/;", "; Path=/api;"]),
        cookie(key("http_only"), "false", which, ["; HttpOnly", ""]),
        cookie(secure, "true", which, ["", "; Secure"]),
        cookie(
            key("same_site"),
            "strict",
            which,
            ["; SameSite=Lax", "; SameSite=Strict"],
        ),
        refused(key("same_site"), "none", "needs `secure = true`"),
        cookie(key("partitioned"), "true", which, ["", "; Partitioned"]).with(secure, "true"),
        refused(key("partitioned"), "true", "needs `secure = true`"),
    ]
}

fn names() -> Vec<Proof> {
    vec![
        cookie(
            "advanced.cookies.session_token.name",
            "ticket_session_token",
            COOKIES[0],
            ["better-auth.session_token=", "ticket_session_token="],
        ),
        cookie(
            "advanced.cookies.session_data.name",
            "copy_session_data",
            COOKIES[1],
            ["better-auth.session_data=", "copy_session_data="],
        ),
        cookie(
            "advanced.cookies.dont_remember.name",
            "brief_dont_remember",
            COOKIES[2],
            ["better-auth.dont_remember=", "brief_dont_remember="],
        ),
        cookie(
            "advanced.cookies.state.name",
            "flow_state",
            STATE,
            ["better-auth.state=", "flow_state="],
        ),
        cookie(
            "advanced.cookies.oauth_state.name",
            "flow_oauth_state",
            OAUTH_STATE,
            ["better-auth.oauth_state=", "flow_oauth_state="],
        ),
        cookie(
            "advanced.cookies.account_data.name",
            "of_account_data",
            ACCOUNT_DATA,
            ["better-auth.account_data=", "of_account_data="],
        ),
    ]
}

fn shared() -> Vec<Proof> {
    let enabled = "advanced.cross_sub_domain_cookies.enabled";
    let domain = "advanced.cross_sub_domain_cookies.domain";
    let elsewhere = |proof: Proof| {
        proof
            .with("mode", "development")
            .with("base_url", "https://auth.example.com")
            .with("trusted_origins", "http://localhost:3000")
            .with(enabled, "true")
    };
    vec![
        cookie(enabled, "true", COOKIES[0], ["", "; Domain=localhost;"]),
        elsewhere(cookie(
            domain,
            "example.com",
            COOKIES[0],
            ["; Domain=auth.example.com;", "; Domain=example.com;"],
        )),
        elsewhere(refused(domain, "com", "below which anyone can register a host")),
        elsewhere(refused(
            domain,
            "example.org",
            "the host of `base_url` is \"auth.example.com\"",
        )),
    ]
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![
        cookie(
            "advanced.use_secure_cookies",
            "true",
            COOKIES[0],
            [
                ": better-auth.session_token=",
                ": __Secure-better-auth.session_token=",
            ],
        ),
        cookie(
            "advanced.cookie_prefix",
            "acme",
            COOKIES[0],
            ["better-auth.session_token=", "acme.session_token="],
        ),
        cookie(
            "advanced.default_cookie_attributes.max_age",
            "99",
            COOKIES[2],
            ["", "; Max-Age=99;"],
        ),
        cookie(
            "advanced.cookies.dont_remember.attributes.max_age",
            "98",
            COOKIES[2],
            ["", "; Max-Age=98;"],
        ),
    ];
    proofs.extend(names());
    proofs.extend(shared());
    proofs.extend(attributes("advanced.default_cookie_attributes", COOKIES[0]));
    for which in COOKIES.into_iter().chain([STATE, OAUTH_STATE, ACCOUNT_DATA]) {
        proofs.extend(attributes(&format!("advanced.cookies.{which}.attributes"), which));
    }
    proofs
}
