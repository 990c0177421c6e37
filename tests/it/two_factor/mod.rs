//! The plugin `two_factor`.

mod brute_force;
mod bypass;
mod enrolment;
mod first_proof;
mod message_code;
mod single_use;
mod trusted_device;

use portcullis_application::ports::Clock as _;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret};

const PASSWORD: &str = "password1234";
const ADA: &str = "ada@example.com";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
}

/// A user who has enrolled, in the session in which that was done.
struct User {
    caller: Caller,
    /// The secret as an authenticator app stores it.
    secret: String,
    backup_codes: Vec<String>,
}

impl User {
    /// The code of the step that is so many steps after the current one.
    fn code(&self, server: &TestServer, steps: i64) -> String {
        self.code_of_period(server, steps, 30)
    }

    fn code_of_period(&self, server: &TestServer, steps: i64, period: u32) -> String {
        let now = server.clock.now().timestamp() + steps * i64::from(period);
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_secret(secret)
            .with_step_duration(period.into())
            .build_noncompliant();
        totp.generate(u64::try_from(now).unwrap()).to_string()
    }
}

/// Signs a user up and enrols them, without a first code.
async fn enrolled(server: &TestServer, name: &str) -> User {
    enrol(server.signed_up(name).await).await
}

/// Enrols the caller, or replaces the caller's second factor.
async fn enrol(caller: Caller) -> User {
    let answer = post(&caller, "enable", json!({ "password": PASSWORD })).await;
    assert_eq!(answer.status, 200, "{answer}");
    let body = answer.json();
    let uri = body["totpURI"].as_str().unwrap();
    let secret = uri.split("secret=").nth(1).unwrap().split('&').next().unwrap();
    let codes = body["backupCodes"].as_array().unwrap();
    User {
        caller,
        secret: secret.to_owned(),
        backup_codes: codes
            .iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect(),
    }
}

/// Signs a user up whose sign-in asks for a second factor. The code of the step before the current one is used.
async fn protected(server: &TestServer, name: &str) -> User {
    let user = enrolled(server, name).await;
    let code = user.code(server, -1);
    let answer = post(&user.caller, "verify-totp", json!({ "code": code })).await;
    assert_eq!(answer.status, 200, "{answer}");
    user
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/two-factor/{path}"), &body).send().await
}

async fn sign_in(caller: &Caller, name: &str) -> Answer {
    let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    caller.post("/sign-in/email", &body).send().await
}

/// A new client with a challenge of the user.
async fn challenged(server: &TestServer, name: &str) -> Caller {
    let client = server.anonymous();
    let answer = sign_in(&client, name).await;
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#, "{answer}");
    client
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

/// The value of a cookie in the client's jar.
fn cookie(caller: &Caller, name: &str) -> Option<String> {
    let cookies = caller.cookies();
    let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let name = format!("better-auth.{name}");
    pairs
        .into_iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Without the plugin, its routes do not exist.
#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for path in ["enable", "verify-totp", "send-otp", "verify-backup-code"] {
        let answer = post(&ada, path, json!({ "password": PASSWORD })).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(session(&ada).await["user"].get("twoFactorEnabled"), None);
}
