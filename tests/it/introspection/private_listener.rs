//! The private listener: no client authentication, and few routes.

use portcullis_http::routes;

use super::*;

fn private() -> TestServerBuilder {
    TestServer::with_every_feature().set("PORTCULLIS_PLUGINS__INTROSPECTION__PRIVATE_BIND", "127.0.0.1:0")
}

#[tokio::test]
async fn services_need_no_authentication_at_the_private_listener() {
    let server = private().without("PORTCULLIS_CLIENTS__API__SECRET").start();
    let ada = server.signed_up("ada").await;
    let (token, at) = (cookie(&ada), server.at_private_listener());
    let answer = unauthenticated(&at, INTROSPECT, form(&token)).send().await;
    assert_eq!(answer.json()["username"], "ada@example.com");
    // Credentials are ignored there.
    let answer = call(&at, INTROSPECT, form(&token)).send().await;
    assert_eq!(answer.json()["active"], true);
    // The other listener still demands them.
    let answer = unauthenticated(&server.anonymous(), INTROSPECT, form(&token))
        .send()
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        unauthenticated(&at, REVOKE, form(&token)).send().await.status,
        200
    );
    let answer = unauthenticated(&at, INTROSPECT, form(&token)).send().await;
    assert_eq!(answer.json(), inactive());
}

#[tokio::test]
async fn only_routes_for_services_and_health_checks_answer_at_the_private_listener() {
    let server = private().start();
    let ada = server.signed_up("ada").await;
    let at = server.at_private_listener();
    at.set_cookie("better-auth.session_token", &cookie(&ada));
    let mut answered = Vec::new();
    for route in routes() {
        let path = route.full_path("/api/auth");
        let answer = at.call(route.method, &path).body(FORM, form("x")).send().await;
        if answer.status == 404 {
            assert_eq!(
                (answer.body.as_str(), answer.cookies().count()),
                ("", 0),
                "{path}"
            );
        } else {
            answered.push(format!("{} {path} {}", route.method, answer.status));
        }
    }
    // Routes of services that read JSON reject the form, or the service that does not authenticate itself.
    let (of_services, others): (Vec<_>, Vec<_>) = answered
        .into_iter()
        .partition(|line| line.contains(" /api/auth/portcullis/"));
    let is_for_services = |line: &String| {
        let is_admin = line.contains("/portcullis/admin/") || line.contains("/portcullis/api-key/verify ");
        is_admin && (line.ends_with(" 401") || line.ends_with(" 415"))
    };
    assert!(
        !of_services.is_empty() && of_services.iter().all(is_for_services),
        "{of_services:?}"
    );
    assert_eq!(
        others,
        [
            "GET /health/live 200",
            "GET /health/ready 200",
            "POST /api/auth/oauth2/introspect 200",
            "POST /api/auth/oauth2/revoke 200",
        ]
    );
    let unknown = at.get("/unknown").send().await;
    assert_eq!((unknown.status, unknown.body.as_str()), (404, ""));
    let preflight = at
        .call("OPTIONS", "/api/auth/get-session")
        .header("origin", "http://localhost:5173");
    let preflight = preflight
        .header("access-control-request-method", "GET")
        .send()
        .await;
    assert_eq!(preflight.status, 404);
}
