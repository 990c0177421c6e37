//! Codes of the plugin `phone_number`.

use portcullis_testkit::{Caller, TestServer, TestServerBuilder};
use serde_json::json;

use super::Produced;

const PASSWORD: &str = "password1234";
const NUMBER: &str = "+4915112345678";

fn with_plugin() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__FORMAT", "e164")
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__REQUIRE_VERIFICATION", "true")
}

async fn verify(produced: &Produced, caller: &Caller, code: &str, is_change: bool) {
    let body = json!({ "phoneNumber": NUMBER, "code": code, "updatePhoneNumber": is_change });
    produced.post(caller, "/phone-number/verify", body).await;
}

pub(super) async fn met(produced: &Produced) {
    let server = with_plugin().start();
    let stranger = server.anonymous();
    let number = json!({ "phoneNumber": NUMBER });
    verify(produced, &stranger, "no", false).await;
    produced
        .post(
            &stranger,
            "/phone-number/send-otp",
            json!({ "phoneNumber": "no" }),
        )
        .await;
    produced
        .post(&stranger, "/phone-number/send-otp", number.clone())
        .await;
    let code = server.mailbox.next(NUMBER).await.code;
    verify(produced, &stranger, "no", false).await;
    verify(produced, &stranger, &code, false).await;
    verify(produced, &stranger, &code, true).await;
    let ada = server.signed_up("ada").await;
    for _ in 0..2 {
        produced
            .post(&stranger, "/phone-number/send-otp", number.clone())
            .await;
        let code = server.mailbox.next(NUMBER).await.code;
        verify(produced, &ada, &code, true).await;
    }
    produced.post(&ada, "/update-user", number.clone()).await;
    server.clock.advance(chrono::TimeDelta::hours(1));
    verify(produced, &stranger, "no", false).await;
    produced
        .post(&stranger, "/phone-number/send-otp", number.clone())
        .await;
    for _ in 0..4 {
        verify(produced, &stranger, "no", false).await;
    }
    reset(produced, &server, &stranger).await;
    passwords(produced, &server).await;

    let silent = with_plugin()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    produced
        .post(&silent.anonymous(), "/phone-number/send-otp", number)
        .await;
}

async fn reset(produced: &Produced, server: &TestServer, stranger: &Caller) {
    let body = json!({ "phoneNumber": NUMBER });
    produced
        .post(stranger, "/phone-number/request-password-reset", body)
        .await;
    server.wait_until_delivered().await;
    let messages = server.mailbox.messages();
    let code = messages.last().map(|message| message.code.clone());
    server.execute(r#"update "user" set "phoneNumberVerified" = false"#);
    let body = json!({ "otp": code, "phoneNumber": NUMBER, "newPassword": PASSWORD });
    produced
        .post(stranger, "/phone-number/reset-password", body)
        .await;
}

async fn passwords(produced: &Produced, server: &TestServer) {
    for password in ["wrong", PASSWORD] {
        let body = json!({ "phoneNumber": NUMBER, "password": password });
        produced
            .post(&server.anonymous(), "/sign-in/phone-number", body)
            .await;
    }
}
