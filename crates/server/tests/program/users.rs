use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use portcullis_test_database::TestDatabase;
use serde_json::Value;

use crate::support::{Running, in_production, stderr, stdout};

/// A deployment whose users are managed on the command line.
struct Deployment {
    directory: tempfile::TempDir,
    database: TestDatabase,
    variables: Vec<(&'static str, &'static str)>,
}

impl Deployment {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::new(),
            variables: Vec::new(),
        }
    }

    fn with_admin() -> Self {
        let deployment = Self::new().with("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true");
        let output = deployment.program().arg("migrate").output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        deployment
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn program(&self) -> Command {
        let mut program = in_production(self.directory.path(), self.database.url());
        program.envs(self.variables.iter().copied());
        program
    }

    fn users(&self, line: &str) -> Output {
        self.program()
            .arg("users")
            .args(line.split(' '))
            .output()
            .unwrap()
    }

    /// Runs a command that succeeds, and returns its JSON.
    fn json(&self, line: &str) -> Value {
        let output = self.users(&format!("{line} --json"));
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    }

    /// Runs a command that fails, and returns its message.
    fn error(&self, line: &str) -> String {
        let output = self.users(line);
        assert_eq!(output.status.code(), Some(1), "{line}: {}", stdout(&output));
        assert_eq!(stdout(&output), "", "{line}");
        stderr(&output)
    }

    fn serve(&self) -> Running {
        Running::start(&mut self.program())
    }
}

fn sign_in(server: &Running, password: &str) -> String {
    let body = format!(r#"{{"email":"ada@example.com","password":"{password}"}}"#);
    server.post("/api/auth/sign-in/email", &body).text()
}

/// Sets a password by the link.
fn follow(server: &Running, url: &str, password: &str) -> String {
    let (_, rest) = url.split_once("/reset-password/").unwrap();
    let (token, _) = rest.split_once('?').unwrap();
    let body = format!(r#"{{"token":"{token}","newPassword":"{password}"}}"#);
    server.post("/api/auth/reset-password", &body).text()
}

#[test]
fn the_first_administrator_is_created_and_sets_a_password_by_the_printed_link() {
    let deployment = Deployment::with_admin();
    let created = deployment.json("create Ada@Example.com --name Ada --role admin --verified");
    let user = &created["user"];
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(user["role"], "admin");
    assert_eq!(user["emailVerified"], true);

    let server = deployment.serve();
    assert!(sign_in(&server, "correct horse").starts_with("HTTP/1.1 401"));
    let url = created["link"]["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://auth.example.com/api/auth/reset-password/"),
        "{url}"
    );
    let answer = follow(&server, url, "correct horse");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(sign_in(&server, "correct horse").contains(r#""role":"admin""#));
    assert!(!follow(&server, url, "another horse").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_password_is_read_from_the_standard_input_and_is_in_no_output() {
    let deployment = Deployment::with_admin();
    let mut program = deployment.program();
    program.args(["users", "create", "ada@example.com", "--password-stdin"]);
    program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!(stdout(&output) + &stderr(&output)).contains("horse"));
    assert!(!stdout(&output).contains("reset-password"), "{}", stdout(&output));
    assert!(sign_in(&deployment.serve(), "correct horse").starts_with("HTTP/1.1 200"));
}

#[test]
fn users_are_listed_shown_and_searched() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com --name Ada --role user --role admin");
    deployment.json("create bob@example.com --name Bob");
    let emails = |line: &str| -> Vec<String> {
        let listed = deployment.json(line);
        let users = listed["users"].as_array().unwrap();
        users
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(emails("list"), ["ada@example.com", "bob@example.com"]);
    assert_eq!(emails("list --role admin"), ["ada@example.com"]);
    assert_eq!(emails("list --email BOB@"), ["bob@example.com"]);
    assert_eq!(emails("list --limit 1 --offset 1"), ["bob@example.com"]);
    assert!(emails("list --banned").is_empty());
    assert_eq!(deployment.json("list --limit 1")["total"], 2);

    let listed = stdout(&deployment.users("list"));
    assert!(
        listed.contains("ada@example.com") && listed.contains("user,admin"),
        "{listed}"
    );
    assert!(listed.ends_with("2 of 2 users\n"), "{listed}");
    let by_email = deployment.json("show ADA@example.com");
    let by_id = deployment.json(&format!("show {}", by_email["user"]["id"].as_str().unwrap()));
    assert_eq!(by_email, by_id);
    assert_eq!(by_id["user"]["name"], "Ada");
}

#[test]
fn a_ban_ends_the_sessions_of_a_running_server_until_it_is_lifted() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com");
    let server = deployment.serve();
    let link = deployment.json("reset-password ada@example.com");
    follow(&server, link["link"]["url"].as_str().unwrap(), "correct horse");
    assert!(sign_in(&server, "correct horse").starts_with("HTTP/1.1 200"));
    let sessions = || {
        deployment.json("show ada@example.com")["sessions"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(sessions(), 1);

    let banned = deployment.json("ban ada@example.com --reason Spam --for 1h");
    assert_eq!(banned["user"]["banned"], true);
    assert_eq!(banned["user"]["banReason"], "Spam");
    assert_eq!(sessions(), 0);
    assert!(sign_in(&server, "correct horse").contains("BANNED_USER"));
    assert_eq!(deployment.json("list --banned")["total"], 1);

    assert_eq!(deployment.json("unban ada@example.com")["user"]["banned"], false);
    assert!(sign_in(&server, "correct horse").starts_with("HTTP/1.1 200"));
    deployment.json("revoke-sessions ada@example.com");
    assert_eq!(sessions(), 0);
}

#[test]
fn the_last_administrator_cannot_be_demoted_banned_or_deleted() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com --role admin");
    for (line, message) in [
        (
            "set-role ada@example.com user",
            "the last administrator must remain",
        ),
        ("ban ada@example.com", "the last administrator must remain"),
        (
            "delete ada@example.com --yes",
            "the last administrator must remain: give another user the role first",
        ),
    ] {
        let error = deployment.error(line);
        assert!(error.contains(message), "{line}: {error}");
    }
    deployment.json("create bob@example.com --role admin");
    let changed = deployment.json("set-role ada@example.com user");
    assert_eq!(changed["user"]["role"], "user");
}

#[test]
fn a_deletion_must_be_confirmed() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com");
    assert!(deployment.error("delete ada@example.com").contains("`--yes`"));
    deployment.json("delete ada@example.com --yes");
    assert!(
        deployment
            .error("show ada@example.com")
            .contains("no user has this id or e-mail address")
    );
}

#[test]
fn each_action_is_logged_without_secrets() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com");
    for (line, action) in [
        ("set-role ada@example.com admin user", "set-role"),
        ("reset-password ada@example.com", "reset-password"),
        ("revoke-sessions ada@example.com", "revoke-user-sessions"),
    ] {
        let output = deployment.users(line);
        let logged = stderr(&output);
        assert!(logged.contains(&format!(r#""action":"{action}""#)), "{logged}");
        assert!(logged.contains(r#""by":"the operator""#), "{logged}");
        assert!(
            !logged.contains("/reset-password/") && !logged.contains("ada@example.com"),
            "{logged}"
        );
    }
}

#[test]
fn invalid_requests_are_rejected() {
    let deployment = Deployment::with_admin();
    deployment.json("create ada@example.com");
    let long_name = format!("create bob@example.com --name {}", "x".repeat(257));
    for (line, message) in [
        ("create ada@example.com", "another user has the e-mail address"),
        ("create ada", "the e-mail address is invalid"),
        ("create bob@example.com --data {\"role\":\"admin\"}", "`role`"),
        (
            "create bob@example.com --data {\"bogus\":1,\"id\":\"x\",\"twoFactorEnabled\":true}",
            "fields that cannot be set: bogus, id, twoFactorEnabled; the fields that can be set: none",
        ),
        (long_name.as_str(), "`--name` has more than 256 characters"),
        ("create bob@example.com --mail", "`delivery.transport`"),
        ("show unknown", "no user has this id or e-mail address"),
        ("reset-password ada@example.com --mail", "`delivery.transport`"),
    ] {
        let error = deployment.error(line);
        assert!(error.contains(message), "{line}: {error}");
    }
}

#[test]
fn without_administration_users_have_no_roles_and_no_bans() {
    let deployment = Deployment::new();
    deployment.json("create ada@example.com --name Ada");
    for line in [
        "create bob@example.com --role admin",
        "set-role ada@example.com admin",
        "ban ada@example.com",
        "unban ada@example.com",
        "list --banned",
        "list --role admin",
    ] {
        let error = deployment.error(line);
        assert!(
            error.contains("`plugins.admin.enabled = true`"),
            "{line}: {error}"
        );
    }
    assert_eq!(deployment.json("list")["total"], 1);
    assert_eq!(deployment.json("show ada@example.com")["user"]["name"], "Ada");
    deployment.json("reset-password ada@example.com");
    deployment.json("revoke-sessions ada@example.com");
    deployment.json("delete ada@example.com --yes");
    assert_eq!(deployment.json("list")["total"], 0);
}

#[test]
fn a_new_user_gets_the_link_by_message() {
    let deployment = Deployment::with_admin()
        .with("PORTCULLIS_DELIVERY__TRANSPORT", "webhook")
        .with(
            "PORTCULLIS_DELIVERY__WEBHOOK__URL",
            "https://mail.example.com/hook",
        );
    let created = deployment.json("create ada@example.com --mail");
    assert_eq!(created["mailed"], true);
    assert!(created.get("link").is_none(), "{created}");
    assert_eq!(
        deployment.json("reset-password ada@example.com --mail")["mailed"],
        true
    );
}
