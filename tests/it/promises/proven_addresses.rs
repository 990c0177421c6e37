//! Codes of the plugins `email_otp` and `magic_link`.

use chrono::TimeDelta;
use portcullis_testkit::{TestServer, TestServerBuilder};
use serde_json::json;

use super::Produced;

const ADA: &str = "ada@example.com";

fn with_plugins() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED", "true")
}

pub(super) async fn met(produced: &Produced) {
    let silent = with_plugins()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    let client = silent.anonymous();
    let request = json!({ "email": ADA, "type": "sign-in" });
    let send = "/email-otp/send-verification-otp";
    produced.post(&client, send, request.clone()).await;
    produced
        .post(&client, "/sign-in/magic-link", json!({ "email": ADA }))
        .await;

    let server = with_plugins()
        .file("[user.additional_fields.city]\ntype = \"string\"\nrequired = true\n")
        .start();
    let client = server.anonymous();
    produced.post(&client, send, request.clone()).await;
    let code = server.mailbox.next(ADA).await.code;
    let right = json!({ "email": ADA, "otp": code });
    let wrong = json!({ "email": ADA, "otp": "no" });
    let sign_in = "/sign-in/email-otp";
    produced.post(&client, sign_in, right.clone()).await;
    for _ in 0..3 {
        produced.post(&client, sign_in, wrong.clone()).await;
    }
    produced.post(&client, send, request).await;
    server.clock.advance(TimeDelta::minutes(6));
    produced.post(&client, sign_in, right).await;
}
