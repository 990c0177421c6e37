//! The codes of checks that ask other servers.

use portcullis_testkit::{MockService, TestServer};
use serde_json::json;

use super::{Produced, ada};

pub(super) async fn met(produced: &Produced) {
    captchas(produced).await;
    passwords(produced).await;
}

async fn captchas(produced: &Produced) {
    let service = MockService::captcha();
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__CAPTCHA__PROVIDER", "hcaptcha")
        .set("PORTCULLIS_PLUGINS__CAPTCHA__SECRET_KEY", "s")
        .set(
            "PORTCULLIS_PLUGINS__CAPTCHA__SITE_VERIFY_URL_OVERRIDE",
            &service.url("/"),
        )
        .set("PORTCULLIS_PLUGINS__CAPTCHA__ALLOWED_HOSTS", &service.host())
        .start();
    let caller = server.anonymous();
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    produced.post(&caller, "/sign-in/email", body.clone()).await;
    for response in ["guessed", "down"] {
        let call = caller.post("/sign-in/email", &body);
        produced.note(&call.header("x-captcha-response", response).send().await);
    }
}

async fn passwords(produced: &Produced) {
    let list = MockService::start(|_| (503, String::new()));
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__RANGE_URL", &list.url("/"))
        .set(
            "PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__ALLOWED_HOSTS",
            &list.host(),
        )
        .start();
    produced
        .post(&server.anonymous(), "/sign-up/email", ada("password1234"))
        .await;
}
