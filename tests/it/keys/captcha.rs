//! Proofs of the keys of `plugins.captcha`.

use std::{sync::LazyLock, thread, time::Duration};

use portcullis_testkit::{MockService, ReceivedRequest, TestServer, member};
use serde_json::json;

use super::{
    looks::{ADA, signing_up},
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.captcha.enabled";
const PROVIDER: &str = "plugins.captcha.provider";
const SECRET_KEY: &str = "plugins.captcha.secret_key";
const URL: &str = "plugins.captcha.site_verify_url_override";
const ALLOWED_HOSTS: &str = "plugins.captcha.allowed_hosts";
const RECAPTCHA: &str = "google-recaptcha";
const REJECTED: &str = "403\n";
const SIGNED_UP: &str = "200\n";

/// A service whose path names what it requires.
static SERVICE: LazyLock<MockService> = LazyLock::new(|| MockService::start(answer));

fn answer(request: &ReceivedRequest) -> (u16, String) {
    let is_success = match request.path.as_str() {
        "/json" => request.body.starts_with('{'),
        "/secret" => member(request, "secret") == "s",
        "/site" => member(request, "sitekey") == "k",
        "/slow" => {
            thread::sleep(Duration::from_millis(1800));
            true
        }
        path => path == "/any",
    };
    let answer = json!({ "success": is_success, "score": 0.6, "hostname": "localhost", "action": "own" });
    (200, answer.to_string())
}

/// The answer to Ada's sign-up with a captcha.
async fn with_captcha(server: &TestServer) -> String {
    let body = json!({ "name": "Ada", "email": ADA, "password": "password1234" });
    let caller = server.anonymous();
    let call = caller.post("/sign-up/email", &body);
    call.header("x-captcha-response", "c").send().await.to_string()
}

/// A proof on a server with captchas of this provider, which this path of the service assesses.
fn on(proof: Proof, provider: &str, path: &str) -> Proof {
    let proof = match proof.key {
        PROVIDER => proof.instead_of(provider),
        _ => proof.with(PROVIDER, provider),
    };
    let proof = match proof.key {
        SECRET_KEY => proof.instead_of("s"),
        _ => proof.with(SECRET_KEY, "s"),
    };
    match proof.key {
        URL => proof.instead_of(&SERVICE.url(path)),
        _ => proof.with(URL, &SERVICE.url(path)),
    }
    .with(ALLOWED_HOSTS, &SERVICE.host())
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
pub(super) fn proofs() -> Vec<Proof> {
    let proof = |key, value: &str, seen| server(key, value, with_captcha, seen);
    vec![
        on(
            server(ENABLED, "false", signing_up, ["400\n", SIGNED_UP]),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof(PROVIDER, "cloudflare-turnstile", [REJECTED, SIGNED_UP]),
            "hcaptcha",
            "/json",
        ),
        on(
            proof(SECRET_KEY, "other", [SIGNED_UP, REJECTED]),
            RECAPTCHA,
            "/secret",
        ),
        on(
            server(
                "plugins.captcha.endpoints",
                "/request-password-*",
                signing_up,
                ["400\n", SIGNED_UP],
            ),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof(URL, &SERVICE.url("/none"), [SIGNED_UP, REJECTED]),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof("plugins.captcha.min_score", "0.7", [SIGNED_UP, REJECTED]),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof("plugins.captcha.site_key", "k", [REJECTED, SIGNED_UP]),
            "hcaptcha",
            "/site",
        ),
        on(
            proof(
                "plugins.captcha.hostnames",
                "app.example.com",
                [SIGNED_UP, REJECTED],
            ),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof("plugins.captcha.action", "other", [SIGNED_UP, REJECTED]),
            RECAPTCHA,
            "/any",
        ),
        on(
            proof("plugins.captcha.timeout", "1", [SIGNED_UP, "500\n"]),
            RECAPTCHA,
            "/slow",
        )
        .instead_of("10"),
        refused(ALLOWED_HOSTS, "http://localhost", "is not a host"),
    ]
}
