//! The plugin `expo`.

mod authorization_proxy;
mod deep_links;
mod origin;
mod planted_state;
mod sign_in;

use portcullis_testkit::{Answer, TestServer, TestServerBuilder, percent_encoded};
use serde_json::json;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "password1234";

/// A server for an application with the scheme `myapp`, on which verification links sign in.
fn with_plugin() -> TestServerBuilder {
    without_plugin().set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
}

fn without_plugin() -> TestServerBuilder {
    TestServer::with()
        .set(
            "BETTER_AUTH_TRUSTED_ORIGINS",
            "myapp://,app*://callback,http://localhost:5173,https://*.example.com",
        )
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
}

/// Signs Ada up and returns the token of her verification link.
async fn verification(server: &TestServer) -> String {
    let body = json!({ "name": "Ada", "email": ADA, "password": PASSWORD });
    let answer = server.anonymous().post("/sign-up/email", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    server.mailbox.next(ADA).await.token
}

/// Follows a verification link in a browser, with this callback.
async fn follow(server: &TestServer, token: &str, callback: &str) -> Answer {
    let callback = percent_encoded(callback);
    let path = format!("/verify-email?token={token}&callbackURL={callback}");
    server.anonymous().get(&path).send().await
}

/// The cookies that the redirect passes to an application.
fn passed(answer: &Answer) -> Option<String> {
    let query = location(answer).split(['?', '#']).nth(1)?;
    let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("cookie="));
    let cookies = decoded(values.next()?);
    assert_eq!(values.next(), None, "{answer}");
    Some(cookies)
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap().replace('+', " ");
    for part in parts {
        let (digits, rest) = part.split_at(2);
        decoded.push(char::from(u8::from_str_radix(digits, 16).unwrap()));
        decoded.push_str(&rest.replace('+', " "));
    }
    decoded
}

fn location(answer: &Answer) -> &str {
    answer.header("location").unwrap()
}
