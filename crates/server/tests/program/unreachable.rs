//! What the commands report about a database to which they cannot connect.

use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_production, stderr};

#[test]
fn every_command_says_why_the_database_cannot_be_reached_without_names() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let (before, query) = database.url().split_once('?').unwrap();
    let (server, _name) = before.rsplit_once('/').unwrap();
    let missing = format!("{server}/hidden?{query}");
    let reason = "the database cannot be reached: the database does not exist: create it, or correct its name in the URL";
    for arguments in [&["check"][..], &["migrate"], &["migrate", "--dry-run"]] {
        let output = in_production(directory.path(), &missing)
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let printed = stderr(&output);
        assert!(printed.contains(reason), "{printed}");
        assert!(!printed.contains("hidden"), "{printed}");
    }
    let mut server = Running::start(&mut in_production(directory.path(), &missing));
    let said = server.greeting.clone();
    if !said.contains(reason) {
        server.wait_for_line(reason);
    }
    assert!(!server.said().contains("hidden"), "{}", server.said());
}
