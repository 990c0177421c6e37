//! The answers of routes for sign-in with providers.

use portcullis_testkit::{Call, Caller, MockProvider, TestServer};
use reqwest::Url;
use serde_json::json;

use super::answers::Checked;
use crate::social::with_provider;

const FORM: &str = "application/x-www-form-urlencoded";
const OWN: &str = "http://localhost:3000";

/// Returns the path and the query of a URL of the server.
fn path(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// A request of a page of the server, as a browser sends it.
fn own<'a>(browser: &'a Caller, method: &str, path: &str) -> Call<'a> {
    let call = browser.call(method, path).header("host", "localhost:3000");
    call.header("origin", OWN)
}

/// Users of providers, and how they sign in.
pub(super) async fn signed_in() -> Checked {
    let mock = MockProvider::for_provider("google");
    let server = with_provider(TestServer::with_every_feature(), "google", &mock).start();
    let checked = Checked::of(&server).await;
    let ada = with_code(&checked, &server, &mock).await;
    tokens(&checked, &ada).await;
    with_id_token(&checked, &server, &mock).await;
    generic(&checked, &server, &ada).await;
    development(&checked, &server).await;
    checked
}

async fn with_code(checked: &Checked, server: &TestServer, mock: &MockProvider) -> Caller {
    let ada = server.anonymous();
    let body = json!({ "provider": "google", "callbackURL": "/x" });
    let started = checked.post(&ada, "/sign-in/social", body.clone()).await;
    let redirect = mock.authorize(started.json()["url"].as_str().unwrap());
    let form = path(&redirect);
    let form = form.split_once('?').unwrap().1;
    let posted = ada.call("POST", "/api/auth/callback/google").body(FORM, form);
    checked.send("post", "/callback/{id}", posted).await;
    let returned = ada.call("GET", &path(&redirect));
    checked.send("get", "/callback/{id}", returned).await;
    checked.post(&ada, "/link-social", body).await;
    ada
}

async fn tokens(checked: &Checked, ada: &Caller) {
    let google = json!({ "providerId": "google" });
    checked.post(ada, "/get-access-token", google.clone()).await;
    checked.post(ada, "/refresh-token", google).await;
    let accounts = ada.get("/list-accounts").send().await.json();
    let id = accounts[0]["accountId"].as_str().unwrap();
    checked
        .get(ada, "/account-info", &format!("?accountId={id}"))
        .await;
    let unknown = json!({ "providerId": "name" });
    checked.post(ada, "/get-access-token", unknown).await;
}

async fn with_id_token(checked: &Checked, server: &TestServer, mock: &MockProvider) {
    let token = mock.id_token(&json!({}));
    let eve = server.anonymous();
    let body = json!({ "provider": "google", "idToken": { "token": token } });
    checked.post(&eve, "/sign-in/social", body.clone()).await;
    checked.post(&eve, "/link-social", body).await;
    checked
        .post(&eve, "/one-tap/callback", json!({ "idToken": token }))
        .await;
    let nameless = mock.id_token(&json!({ "email": null }));
    checked
        .post(&eve, "/one-tap/callback", json!({ "idToken": nameless }))
        .await;
    checked
        .post(&eve, "/one-tap/callback", json!({ "idToken": "x" }))
        .await;
}

async fn generic(checked: &Checked, server: &TestServer, ada: &Caller) {
    let body = json!({ "providerId": "own", "callbackURL": "/x" });
    let anonymous = server.anonymous();
    checked.post(&anonymous, "/sign-in/oauth2", body.clone()).await;
    checked.post(ada, "/oauth2/link", body).await;
    let unknown = json!({ "providerId": "name" });
    checked.post(&anonymous, "/sign-in/oauth2", unknown).await;
    let (callback, denied) = ("/oauth2/callback/{providerId}", "error=access_denied");
    let returned = anonymous.get(&format!("/oauth2/callback/own?{denied}"));
    checked.send("get", callback, returned).await;
    let posted = anonymous
        .call("POST", "/api/auth/oauth2/callback/own")
        .body(FORM, denied);
    checked.send("post", callback, posted).await;
}

async fn development(checked: &Checked, server: &TestServer) {
    let browser = server.anonymous();
    let (start, page) = ("/dev/oidc/start", "/dev/oidc/authorize");
    let started = own(&browser, "POST", start).body(FORM, "");
    let started = checked.send("post", start, started).await;
    let asked = path(started.header("location").unwrap());
    checked.send("get", page, own(&browser, "GET", &asked)).await;
    for form in ["email=no", "email=ada%40example.com&name=Ada"] {
        let decided = own(&browser, "POST", &asked).body(FORM, form);
        checked.send("post", page, decided).await;
    }
}
