//! What the log shows of services that are administrators.

use std::{fs, path::Path};

use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_production, stderr, wait_until};

const SECRET: &str = "Vt6xQm2RkZp9sWc4yLh8NbJ3fGd7TaEu";
/// Base64 of `ops:` and this secret, and of `ops:` and another text.
const BASIC: &str = "b3BzOlZ0NnhRbTJSa1pwOXNXYzR5TGg4TmJKM2ZHZDdUYUV1";
const WRONG_BASIC: &str = "b3BzOndyb25n";

fn start(directory: &Path, database: &TestDatabase) -> Running {
    let file = format!(
        "[clients.ops]\nsecret = \"{SECRET}\"\nadministrator = true\n[plugins.admin]\n[plugins.api_key]\n[plugins.organization]\n"
    );
    fs::write(directory.join("portcullis.toml"), file).unwrap();
    let mut migration = in_production(directory, database.url());
    let output = migration.arg("migrate").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let server = Running::start(&mut in_production(directory, database.url()));
    server.wait_for_status("/health/ready", 200);
    server
}

fn send(server: &Running, path: &str, basic: &str, body: &str) -> String {
    let head = format!("Content-Type: application/json\r\nAuthorization: Basic {basic}\r\n");
    server.exchange(&format!("POST /api/auth/portcullis/admin/{path}"), &head, body)
}

/// Returns the last `"id"` of an answer.
fn id(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, rest) = answer.rsplit_once(r#""id":""#).unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn each_change_by_a_service_is_logged_with_its_id() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let server = start(directory.path(), &database);
    let user = |name: &str| {
        let body = format!(r#"{{"email":"{name}@example.com","name":"{name}","password":"kx7-Lq2-vbN-41"}}"#);
        id(&send(&server, "create-user", BASIC, &body)).to_owned()
    };
    let (ada, bob) = (user("ada"), user("bob"));
    id(&send(
        &server,
        "api-keys/create",
        BASIC,
        &format!(r#"{{"userId":"{ada}"}}"#),
    ));
    let body = format!(r#"{{"userId":"{ada}","name":"Acme","slug":"acme"}}"#);
    let created = send(&server, "organizations/create", BASIC, &body);
    let (_, rest) = created.rsplit_once(r#""organizationId":""#).unwrap();
    let organization = rest.split('"').next().unwrap();
    let body = format!(r#"{{"userId":"{bob}","organizationId":"{organization}","role":"member"}}"#);
    id(&send(&server, "organizations/add-member", BASIC, &body));
    let refused = send(&server, "create-user", WRONG_BASIC, "{}");
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");

    wait_until(|| {
        server
            .said()
            .contains("a request has a wrong secret of a service")
    });
    let log = server.said();
    for message in [
        "a service acted on a user",
        "a service created an API key",
        "a service created an organization",
        "a service added a member",
        "a request has a wrong secret of a service",
    ] {
        let mut lines = log.lines().filter(|line| line.contains(message));
        let line = lines.next().unwrap_or_default();
        assert!(line.contains(r#""client":"ops""#), "{message}: {line}\n{log}");
    }
}
