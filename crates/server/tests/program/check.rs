use std::{fs, process::Output};

use portcullis_test_database::TestDatabase;

use crate::support::{in_development, in_production, portcullis, stderr, stdout};

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", stderr(output));
    stderr(output)
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let file = "mode = \"production\"\n[session]\nexpires = 5\n";
    fs::write(directory.path().join("portcullis.toml"), file).unwrap();
    for command in ["check", "serve", "migrate"] {
        let mut program = portcullis(directory.path());
        let said = refusal(
            &program
                .arg(command)
                .env("PORTCULLIS_LOG__LEVEL", "loud")
                .output()
                .unwrap(),
        );
        for problem in [
            "portcullis.toml:3: unknown key `session.expires`: did you mean `session.expires_in`?",
            "PORTCULLIS_LOG__LEVEL: `log.level` must be",
            "`base_url` is required in production",
            "`secret` is required in production",
            "`database.url` is required in production",
        ] {
            assert!(said.contains(problem), "{said}");
        }
    }
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = portcullis(directory.path());
    let said = refusal(&program.args(["check", "--config", "own.toml"]).output().unwrap());
    assert!(said.contains("own.toml cannot be read"), "{said}");
}

#[test]
fn a_current_database_is_all_right() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let output = in_production(directory.path(), database.url())
        .env_remove("PORTCULLIS_RATE_LIMIT__ENABLED")
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "configuration: valid, for production\ndatabase: reachable\nschema: current\nmessages: none are sent\n"
    );
}

#[test]
fn dangerous_settings_are_printed_as_warnings_and_the_check_succeeds() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let output = in_production(directory.path(), database.url())
        .env("BETTER_AUTH_TRUSTED_ORIGINS", "https://my-app-*.vercel.app")
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0], "configuration: valid, for production");
    for (line, start) in lines[1..].iter().zip([
        "warning: BETTER_AUTH_TRUSTED_ORIGINS: `trusted_origins`: \"https://my-app-*.vercel.app\" may trust",
        "warning: PORTCULLIS_RATE_LIMIT__ENABLED: `rate_limit.enabled` is `false`",
        "database: reachable",
    ]) {
        assert!(line.starts_with(start), "{start}: {said}");
    }
}

#[test]
fn origins_and_proxies_of_strangers_are_refused_in_production() {
    let directory = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("BETTER_AUTH_TRUSTED_ORIGINS", "https://*.vercel.app"),
        ("PORTCULLIS_TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1"),
        ("BETTER_AUTH_SECRET", "abcabcabcabcabcabcabcabcabcabcabcabc"),
    ] {
        let mut program = in_production(directory.path(), "postgres://127.0.0.1:1/none");
        let said = refusal(&program.env(name, value).arg("check").output().unwrap());
        assert!(said.contains(&format!("{name}: `")), "{said}");
    }
}

#[test]
fn an_empty_database_is_behind_in_production_and_migrated_by_the_start_in_development() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let said = refusal(
        &in_production(directory.path(), database.url())
            .arg("check")
            .output()
            .unwrap(),
    );
    assert!(said.contains("run `portcullis migrate`"), "{said}");

    let output = in_development(directory.path(), database.url())
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("which the start migrates"));
}

#[test]
fn a_database_that_is_away_is_told_with_its_key_and_without_its_password() {
    let directory = tempfile::tempdir().unwrap();
    let away = "postgres://somebody:hidden@127.0.0.1:1/none";
    let said = refusal(
        &in_production(directory.path(), away)
            .arg("check")
            .output()
            .unwrap(),
    );
    assert!(said.contains("`database.url` (DATABASE_URL)"), "{said}");
    assert!(!said.contains("hidden") && !said.contains("somebody"), "{said}");
}

#[test]
fn without_a_database_development_is_told_of_the_private_one() {
    let directory = tempfile::tempdir().unwrap();
    let output = portcullis(directory.path()).arg("check").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("a private PostgreSQL"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
