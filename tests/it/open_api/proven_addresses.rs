//! Answers of magic links and of codes by mail.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::answers::Checked;

const YAN: &str = "yan@example.com";
const LINK: &str = "/magic-link/verify";

/// Signs a user in by both, verifies the address and resets the password.
pub(super) async fn proven_addresses(checked: &Checked, server: &TestServer) {
    let yan = server.anonymous();
    let body = json!({ "email": YAN });
    checked.post(&yan, "/sign-in/magic-link", body.clone()).await;
    let token = server.mailbox.next(YAN).await.token;
    checked.get(&yan, LINK, &format!("?token={token}")).await;
    checked.get(&yan, LINK, "?token=x").await;
    for kind in ["sign-in", "email-verification", "forget-password"] {
        let request = json!({ "email": YAN, "type": kind });
        checked
            .post(&yan, "/email-otp/send-verification-otp", request)
            .await;
        let otp = server.mailbox.next(YAN).await.code;
        let check = json!({ "email": YAN, "type": kind, "otp": otp });
        checked
            .post(&yan, "/email-otp/check-verification-otp", check)
            .await;
        let typed = json!({ "email": YAN, "otp": otp, "password": "password5678" });
        let path = match kind {
            "sign-in" => "/sign-in/email-otp",
            "email-verification" => "/email-otp/verify-email",
            _ => "/email-otp/reset-password",
        };
        checked.post(&yan, path, typed.clone()).await;
        checked.post(&yan, path, typed).await;
    }
    for path in ["/email-otp/request-password-reset", "/forget-password/email-otp"] {
        checked.post(&yan, path, body.clone()).await;
        server.mailbox.next(YAN).await;
    }
}
