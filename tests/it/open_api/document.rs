//! What the document contains.

use std::collections::BTreeSet;

use insta::assert_json_snapshot;
use portcullis_http::routes;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{document, operations, production};

/// The operations of a document: method, whether they are at the root, and path.
fn listed(document: &Value) -> BTreeSet<String> {
    let operations = operations(document);
    operations
        .flat_map(|(path, method, _)| {
            let servers = document["paths"][path]
                .get("servers")
                .unwrap_or(&document["servers"]);
            let servers = servers.as_array().unwrap().iter();
            servers.map(move |server| {
                let url = server["url"].as_str().unwrap();
                let base = url.strip_prefix("http://localhost:3000").unwrap();
                format!("{} {base}{path}", method.to_uppercase())
            })
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_in_the_document_and_nothing_else() {
    let server = TestServer::with_every_feature()
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__CONFIRM_PAGE", "true")
        .start();
    let written = |path: String| match path.split_once(':') {
        Some((path, variable)) => format!("{path}{{{}}}", variable.trim_end_matches("/**")),
        None => path,
    };
    let existing: BTreeSet<String> = routes()
        .map(|route| {
            // OpenAPI has no operation for any method.
            let method = if route.answers_any_method() {
                "GET"
            } else {
                route.method
            };
            format!("{method} {}", written(route.full_path("/api/auth")))
        })
        .collect();
    assert_eq!(listed(&document(&server).await), existing);
}

#[tokio::test]
async fn routes_of_disabled_features_and_disabled_paths_are_not_in_the_document() {
    let server = TestServer::with()
        .set("PORTCULLIS_DISABLED_PATHS", "/sign-out")
        .set("PORTCULLIS_DEV__INBOX", "false")
        .start();
    let listed = listed(&document(&server).await);
    for gone in [
        "POST /api/auth/sign-out",
        "POST /api/auth/sign-in/username",
        "POST /api/auth/two-factor/enable",
        "GET /api/auth/jwks",
        "POST /api/auth/delete-user",
        "GET /dev/inbox",
    ] {
        assert!(!listed.contains(gone), "{gone}");
    }
    assert!(listed.contains("POST /api/auth/sign-in/email"), "{listed:?}");
}

#[tokio::test]
async fn a_configured_path_is_in_the_document_instead_of_the_routes_own() {
    let server = TestServer::with_every_feature()
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__JWKS_PATH", "/keys")
        .start();
    let listed = listed(&document(&server).await);
    assert!(listed.contains("GET /api/auth/keys"), "{listed:?}");
    assert!(!listed.contains("GET /api/auth/jwks"), "{listed:?}");
}

#[tokio::test]
async fn the_document_names_the_deployments_urls_and_credentials() {
    let plain = document(
        &production()
            .set("PORTCULLIS_PLUGINS__OPEN_API__ENABLED", "true")
            .start(),
    )
    .await;
    assert_json_snapshot!(
        json!([plain["openapi"], plain["servers"], plain["components"]["securitySchemes"]]),
        @r#"
    [
      "3.1.1",
      [
        {
          "url": "https://auth.example.com/api/auth"
        }
      ],
      {
        "session": {
          "type": "apiKey",
          "in": "cookie",
          "name": "__Secure-better-auth.session_token",
          "description": "The session cookie, which a sign-in sets"
        }
      }
    ]
    "#
    );
    let full = document(&TestServer::with_all_features()).await;
    let bearer = &full["components"]["securitySchemes"]["bearer"];
    assert_eq!(bearer["scheme"], "bearer");
    let security = |path: &str, method: &str| full["paths"][path][method]["security"].clone();
    assert_eq!(
        full["components"]["securitySchemes"]["key"],
        json!({
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "description": "An API key, which stands for a session of its owner",
        })
    );
    assert_eq!(security("/sign-in/email", "post"), json!([]));
    assert_eq!(
        security("/get-session", "get"),
        json!([{}, { "session": [] }, { "bearer": [] }, { "key": [] }])
    );
    assert_eq!(
        security("/list-sessions", "get"),
        json!([{ "session": [] }, { "bearer": [] }])
    );
}

#[tokio::test]
async fn declared_fields_are_in_the_bodies_and_in_the_user_and_hidden_ones_are_not() {
    let server = TestServer::with()
        .file(
            r#"
            [user.additional_fields.plan]
            type = ["free", "pro"]
            required = true
            [user.additional_fields.age]
            type = "number"
            required = false
            input = false
            [user.additional_fields.note]
            type = "string"
            required = false
            returned = false
            [session.additional_fields.device]
            type = "string"
            required = false
            "#,
        )
        .start();
    let document = document(&server).await;
    let body = |path: &str| {
        let media = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        media["schema"].clone()
    };
    let sign_up = body("/sign-up/email");
    assert_eq!(
        sign_up["properties"]["plan"],
        json!({ "type": "string", "enum": ["free", "pro"] })
    );
    assert_eq!(
        sign_up["properties"]["note"],
        json!({ "type": ["string", "null"], "maxLength": 4096 })
    );
    assert_eq!(sign_up["properties"].get("age"), None);
    assert_eq!(sign_up["required"], json!(["name", "email", "password", "plan"]));
    assert_eq!(body("/update-user").get("required"), None);
    let user = &document["components"]["schemas"]["User"];
    assert_eq!(user["properties"]["age"]["type"], json!(["integer", "null"]));
    assert_eq!(user["properties"].get("note"), None);
    assert!(user["required"].as_array().unwrap().contains(&json!("plan")));
    let session = &document["components"]["schemas"]["Session"];
    assert_eq!(session["properties"]["device"]["type"], json!(["string", "null"]));
}

#[tokio::test]
async fn a_body_has_the_limits_of_its_reader() {
    let server = TestServer::with().set("PORTCULLIS_LIMITS__NAME", "7").start();
    let document = document(&server).await;
    let content = &document["paths"]["/sign-up/email"]["post"]["requestBody"]["content"];
    let schema = &content["application/json"]["schema"];
    assert_eq!(schema["properties"]["name"]["maxLength"], 7);
    let body = |name: &str| json!({ "name": name, "email": "ada@example.com", "password": "password1234" });
    let anonymous = server.anonymous();
    let long = anonymous.post("/sign-up/email", &body("12345678")).send().await;
    assert_eq!(long.code(), "VALIDATION_ERROR");
    let fitting = anonymous.post("/sign-up/email", &body("1234567")).send().await;
    assert_eq!(fitting.status, 200, "{fitting}");
}

#[tokio::test]
async fn a_second_step_and_the_limit_of_requests_are_described_only_if_they_exist() {
    let challenge = |document: &Value| {
        let answer = &document["paths"]["/sign-in/email"]["post"]["responses"]["200"];
        answer.to_string().contains("twoFactorRedirect")
    };
    let limited = |document: &Value| {
        let responses = &document["paths"]["/sign-up/email"]["post"]["responses"];
        responses.get("429").is_some()
    };
    let plain = document(&TestServer::start()).await;
    assert_eq!((challenge(&plain), limited(&plain)), (false, false));
    let full = TestServer::with_every_feature()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    let full = document(&full).await;
    assert_eq!((challenge(&full), limited(&full)), (true, true));
}

#[tokio::test]
async fn in_production_nothing_is_described_unless_it_is_configured() {
    let ask = async |server: TestServer| {
        let anonymous = server.anonymous();
        let document = anonymous.get("/open-api/generate-schema").send().await.status;
        (document, anonymous.get("/reference").send().await.status)
    };
    assert_eq!(ask(production().start()).await, (404, 404));
    let section = production().file("[plugins.open_api]\n").start();
    assert_eq!(ask(section).await, (200, 200));
    let off = TestServer::with()
        .set("PORTCULLIS_PLUGINS__OPEN_API__ENABLED", "false")
        .start();
    assert_eq!(ask(off).await, (404, 404));
}
