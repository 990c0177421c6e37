//! The routes that backends and proxies call.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer};

use super::answers::Checked;

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) async fn backends(checked: &Checked, server: &TestServer) {
    let anonymous = server.anonymous();
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json",
    ] {
        checked.get(&anonymous, path, "").await;
    }
    let caller = server.signed_up("backend").await;
    proxies(checked, &anonymous, &caller).await;
    services(checked, &anonymous, &caller).await;
}

async fn proxies(checked: &Checked, anonymous: &Caller, caller: &Caller) {
    for (path, rule) in [
        ("/portcullis/forward-auth", "/portcullis/forward-auth"),
        (
            "/portcullis/forward-auth/{rule}",
            "/portcullis/forward-auth/members",
        ),
    ] {
        checked.send("get", path, caller.get(rule)).await;
        let of_page = anonymous.get(rule).header("accept", "text/html");
        checked.send("get", path, of_page).await;
        checked.send("get", path, anonymous.get(rule)).await;
    }
}

async fn services(checked: &Checked, anonymous: &Caller, caller: &Caller) {
    let cookies = caller.cookies();
    let token = cookies.split("session_token=").nth(1).unwrap();
    let token = token.split(';').next().unwrap();
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        for secret in [SERVICE_SECRET, "another"] {
            let form = format!("token={token}&client_id=api&client_secret={secret}");
            let call = anonymous.call("POST", &format!("/api/auth{path}"));
            checked.send("post", path, call.body(FORM, form)).await;
        }
    }
}
