//! Variables that name a file, and misspelt variables.

use std::fs;

use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_production, portcullis, stderr};

#[test]
fn a_secret_and_a_url_are_read_from_the_files_that_variables_name() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), "");
    for (variable, text) in [
        ("DATABASE_URL", database.url()),
        ("BETTER_AUTH_SECRET", "kX9mW2vTq8Zr4LbN7cHf3JsD6gYp1QaE"),
        ("BETTER_AUTH_URL", "https://login.example.com"),
    ] {
        let file = directory.path().join(variable.to_lowercase());
        fs::write(&file, format!("{text}\n")).unwrap();
        program.env_remove(variable).env(format!("{variable}_FILE"), file);
    }
    let server = Running::start(&mut program);
    assert_eq!(server.get("/health/ready"), 200);
    assert!(
        server
            .greeting
            .contains(r#""base_url":"https://login.example.com""#),
        "{}",
        server.greeting
    );
}

#[test]
fn a_file_that_cannot_be_used_is_reported_with_its_variable() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("empty"), "\n").unwrap();
    fs::write(directory.path().join("level"), "info").unwrap();
    fs::write(
        directory.path().join("secret"),
        "kX9mW2vTq8Zr4LbN7cHf3JsD6gYp1QaE",
    )
    .unwrap();
    for (variable, file, problem) in [
        (
            "DATABASE_URL_FILE",
            "missing",
            "DATABASE_URL_FILE: missing cannot be read: No such file",
        ),
        ("AUTH_SECRET_FILE", "empty", "AUTH_SECRET_FILE: the file is empty"),
        (
            "PORTCULLIS_LOG__LEVEL_FILE",
            "level",
            "unknown key `PORTCULLIS_LOG__LEVEL_FILE`",
        ),
    ] {
        let mut program = portcullis(directory.path());
        let output = program.env(variable, file).arg("check").output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{variable}");
        assert!(stderr(&output).contains(problem), "{}", stderr(&output));
    }
    let mut program = in_production(directory.path(), "postgres://127.0.0.1:1/none");
    program.env("BETTER_AUTH_SECRET_FILE", "secret");
    let output = program.arg("check").output().unwrap();
    let problem = "BETTER_AUTH_SECRET_FILE: BETTER_AUTH_SECRET is set as well; set only one of them";
    assert!(stderr(&output).contains(problem), "{}", stderr(&output));
}

#[test]
fn a_variable_that_is_one_letter_away_from_a_known_one_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    for (variable, meant) in [
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URL_FLE", "DATABASE_URL_FILE"),
        ("database_url", "DATABASE_URL"),
        ("BETTER_AUTH_SECERT", "BETTER_AUTH_SECRET"),
        ("BETTERAUTH_URL", "BETTER_AUTH_URL"),
        ("BETTER_AUTH_TRUSTED_ORIGIN", "BETTER_AUTH_TRUSTED_ORIGINS"),
        ("PORTCULIS_MODE", "PORTCULLIS_MODE"),
    ] {
        let mut program = portcullis(directory.path());
        let output = program.env(variable, "x").arg("check").output().unwrap();
        let expected = format!("{variable}: unknown variable: did you mean {meant}?");
        assert_eq!(output.status.code(), Some(1), "{variable}");
        assert!(stderr(&output).contains(&expected), "{}", stderr(&output));
    }
}

#[test]
fn a_similar_variable_of_another_program_is_accepted() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    let output = program
        .envs([
            ("DATABASE_URI", "x"),
            ("OAUTH_SECRET", "x"),
            ("PORTS", "x"),
            ("PORTCULLIS_PORT", "tcp://10.0.0.7:3000"),
        ])
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}
