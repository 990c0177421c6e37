//! Answers of magic links and of codes by mail.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::answers::Checked;

const ZOE: &str = "zoe@example.com";
const LINK: &str = "/magic-link/verify";

/// Signs a user in by both, verifies the address and resets the password.
pub(super) async fn proven_addresses(checked: &Checked, server: &TestServer) {
    let zoe = server.anonymous();
    let body = json!({ "email": ZOE });
    checked.post(&zoe, "/sign-in/magic-link", body.clone()).await;
    let token = server.mailbox.next(ZOE).await.token;
    checked.get(&zoe, LINK, &format!("?token={token}")).await;
    checked.get(&zoe, LINK, "?token=x").await;
    for kind in ["sign-in", "email-verification", "forget-password"] {
        let request = json!({ "email": ZOE, "type": kind });
        checked
            .post(&zoe, "/email-otp/send-verification-otp", request)
            .await;
        let otp = server.mailbox.next(ZOE).await.code;
        let check = json!({ "email": ZOE, "type": kind, "otp": otp });
        checked
            .post(&zoe, "/email-otp/check-verification-otp", check)
            .await;
        let typed = json!({ "email": ZOE, "otp": otp, "password": "password5678" });
        let path = match kind {
            "sign-in" => "/sign-in/email-otp",
            "email-verification" => "/email-otp/verify-email",
            _ => "/email-otp/reset-password",
        };
        checked.post(&zoe, path, typed.clone()).await;
        checked.post(&zoe, path, typed).await;
    }
    for path in ["/email-otp/request-password-reset", "/forget-password/email-otp"] {
        checked.post(&zoe, path, body.clone()).await;
        server.mailbox.next(ZOE).await;
    }
}
