//! `portcullis psql`

use std::{fs, path::Path};

use nix::sys::signal::Signal;
use portcullis_cluster::private_folder;
use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_production, portcullis, stderr, stdout};

const COUNT: &str = r#"select count(*) from "user""#;
const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"long enough"}"#;

#[test]
fn psql_opens_the_configured_database_and_returns_its_status() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let psql = |statement: &str| {
        let mut command = in_production(directory.path(), database.url());
        command.args(["psql", "-XAtc", statement]).output().unwrap()
    };
    let counted = psql(COUNT);
    assert_eq!(stdout(&counted), "0\n", "{}", stderr(&counted));
    let failed = psql("select nothing");
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        stderr(&failed).contains("\"nothing\" does not exist"),
        "{}",
        stderr(&failed)
    );
}

#[test]
fn psql_opens_the_private_database_while_the_server_runs_and_after_it_has_stopped() {
    let directory = tempfile::tempdir().unwrap();
    let psql = |directory: &Path| {
        let output = portcullis(directory)
            .args(["psql", "-XAtc", COUNT])
            .output()
            .unwrap();
        (stdout(&output), stderr(&output))
    };
    let mut server = Running::start(portcullis(directory.path()).env("PORTCULLIS_BIND", "127.0.0.1:0"));
    assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
    let while_it_runs = psql(directory.path());
    assert_eq!(server.get("/health/ready"), 200);
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    let after = psql(directory.path());
    let folder = private_folder(&directory.path().join(".portcullis/postgres")).unwrap();
    let is_running = fs::read_dir(&folder)
        .unwrap()
        .any(|entry| entry.unwrap().path().join("data/postmaster.pid").exists());
    fs::remove_dir_all(&folder).unwrap();

    assert_eq!(while_it_runs.0, "1\n", "{}", while_it_runs.1);
    assert_eq!(after.0, "1\n", "{}", after.1);
    assert!(!is_running, "psql has stopped the database that it started");
}
