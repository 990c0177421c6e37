//! Discovery documents, and the keys at the path that libraries expect.

use portcullis_testkit::{TestServer, TestServerBuilder};
use serde_json::{Value, json};

use super::{audiences::api, signing};

const DOCUMENTS: [&str; 2] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
];
const KEYS: &str = "/.well-known/jwks.json";

/// Returns the document at the root and below the base path, which must be the same.
async fn document(server: &TestServer, base_path: &str, path: &str) -> Value {
    let caller = server.anonymous();
    let root = caller.call("GET", path).send().await;
    let below = caller.call("GET", &format!("{base_path}{path}")).send().await;
    assert_eq!((root.status, below.status), (200, 200), "{path}: {root}");
    for answer in [&root, &below] {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.cookies().count(), 0);
    }
    assert_eq!(root.body, below.body);
    root.json()
}

fn expected(base: &str, algorithms: &[&str]) -> Value {
    json!({
        "issuer": "http://localhost:3000",
        "jwks_uri": format!("http://localhost:3000{base}/jwks"),
        "id_token_signing_alg_values_supported": algorithms,
    })
}

#[tokio::test]
async fn the_documents_list_the_issuer_the_keys_and_the_algorithms_in_use() {
    let server = signing().start();
    for path in DOCUMENTS {
        let document = document(&server, "/api/auth", path).await;
        assert_eq!(document, expected("/api/auth", &["EdDSA"]), "{path}");
    }
    let server = api().start();
    for path in DOCUMENTS {
        let document = document(&server, "/api/auth", path).await;
        assert_eq!(document, expected("/api/auth", &["EdDSA", "ES256"]), "{path}");
    }
}

#[tokio::test]
async fn the_well_known_keys_are_those_of_the_configured_path() {
    let server = api().start();
    let keys = document(&server, "/api/auth", KEYS).await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let configured = server.anonymous().get("/jwks").send().await;
    assert_eq!(configured.json(), keys);
    assert_eq!(configured.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn the_documents_follow_the_configuration() {
    let server = signing()
        .set(
            "PORTCULLIS_PLUGINS__JWT__JWT__ISSUER",
            "https://issuer.example.com",
        )
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__JWKS_PATH", "/keys")
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG", "ES512")
        .set("BETTER_AUTH_URL", "http://localhost:3000/auth")
        .start();
    let found = document(&server, "/auth", DOCUMENTS[0]).await;
    assert_eq!(
        found,
        json!({
            "issuer": "https://issuer.example.com",
            "jwks_uri": "http://localhost:3000/auth/keys",
            "id_token_signing_alg_values_supported": ["ES512"],
        })
    );
    let keys = server.anonymous().call("GET", "/auth/keys").send().await.json();
    assert_eq!(document(&server, "/auth", KEYS).await, keys);
}

fn without_base_path() -> TestServerBuilder {
    signing().set("PORTCULLIS_BASE_PATH", "/")
}

#[tokio::test]
async fn the_documents_exist_without_a_base_path() {
    let server = without_base_path().start();
    assert_eq!(
        document(&server, "", DOCUMENTS[0]).await,
        expected("", &["EdDSA"])
    );
    let keys = document(&server, "", KEYS).await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn pages_of_any_origin_can_read_the_documents() {
    let server = signing().start();
    for path in [DOCUMENTS[0], DOCUMENTS[1], KEYS] {
        for prefix in ["", "/api/auth"] {
            for origin in ["https://spa.example.com", "null", "http://localhost:3000"] {
                let caller = server.anonymous();
                let call = caller.call("GET", &format!("{prefix}{path}"));
                let answer = call.header("origin", origin).send().await;
                assert_eq!(answer.status, 200);
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
                assert_eq!(answer.header("access-control-allow-credentials"), None);
                assert_eq!(answer.header("vary"), None);
            }
        }
    }
}

#[tokio::test]
async fn the_documents_at_the_root_answer_head_as_other_pages_there() {
    let server = signing().start();
    for path in [DOCUMENTS[0], DOCUMENTS[1], KEYS] {
        let caller = server.anonymous();
        let root = caller.call("HEAD", path).send().await;
        assert_eq!((root.status, root.body.as_str()), (200, ""), "{path}");
        let below = caller.call("HEAD", &format!("/api/auth{path}")).send().await;
        assert_eq!(below.status, 404, "{path}");
        let changing = caller.call("POST", path).send().await;
        assert_eq!(changing.status, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_discovered_if_no_feature_offers_anything() {
    let server = TestServer::start();
    for path in [DOCUMENTS[0], DOCUMENTS[1], KEYS] {
        for prefix in ["", "/api/auth"] {
            let answer = server
                .anonymous()
                .call("GET", &format!("{prefix}{path}"))
                .send()
                .await;
            assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{prefix}{path}");
        }
    }
}

#[tokio::test]
async fn the_documents_name_introspection_and_leave_out_disabled_paths() {
    let server = |disabled: &str| {
        TestServer::with_every_feature()
            .set("PORTCULLIS_DISABLED_PATHS", disabled)
            .start()
    };
    let whole = document(&server("/sign-out"), "/api/auth", DOCUMENTS[1]).await;
    let methods = json!(["client_secret_basic", "client_secret_post"]);
    for (member, path) in [
        ("introspection_endpoint", "introspect"),
        ("revocation_endpoint", "revoke"),
    ] {
        assert_eq!(
            whole[member],
            format!("http://localhost:3000/api/auth/oauth2/{path}")
        );
        assert_eq!(whole[format!("{member}_auth_methods_supported")], methods);
    }
    let reduced = document(&server("/jwks,/oauth2/introspect"), "/api/auth", DOCUMENTS[0]).await;
    let members: Vec<_> = reduced.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "issuer",
            "revocation_endpoint",
            "revocation_endpoint_auth_methods_supported",
            "id_token_signing_alg_values_supported"
        ]
    );
}

#[tokio::test]
async fn the_keys_at_the_root_count_as_those_below_the_base_path() {
    let server = TestServer::with_every_feature()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__MAX", "3")
        .start();
    let caller = server.anonymous();
    let mut statuses = Vec::new();
    for path in [KEYS, "/api/auth/.well-known/jwks.json", KEYS, KEYS] {
        statuses.push(caller.call("GET", path).send().await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    assert_eq!(caller.call("GET", "/health/live").send().await.status, 200);
}
