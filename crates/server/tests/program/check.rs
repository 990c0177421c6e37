use std::{fs, process::Output};

use portcullis_test_database::TestDatabase;

use crate::support::{in_development, in_production, portcullis, stderr, stdout};

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", stderr(output));
    stderr(output)
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let file = "mode = \"production\"\n[session]\nexpires = 5\n";
    fs::write(directory.path().join("portcullis.toml"), file).unwrap();
    for command in ["check", "serve", "migrate"] {
        let mut program = portcullis(directory.path());
        let printed = refusal(
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
            assert!(printed.contains(problem), "{printed}");
        }
    }
}

#[test]
fn a_key_in_a_wrong_or_misspelt_section_is_reported_with_the_right_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = "[sesion]\nexpires_in = 5\n[auth]\ncookie_prefix = \"x\"\nmin_pasword_length = 9\n\
                [email.verification]\nsend_on_sign_in = true\n";
    fs::write(directory.path().join("portcullis.toml"), file).unwrap();
    let printed = refusal(&portcullis(directory.path()).arg("check").output().unwrap());
    let problems: Vec<_> = printed.lines().skip(1).collect();
    assert_eq!(
        problems,
        [
            "  - portcullis.toml:1: unknown key `sesion`: did you mean `session`?",
            "  - portcullis.toml:4: unknown key `auth.cookie_prefix`: did you mean `advanced.cookie_prefix`?",
            "  - portcullis.toml:5: unknown key `auth.min_pasword_length`: did you mean \
             `email_and_password.min_password_length`?",
            "  - portcullis.toml:6: unknown key `email.verification`: did you mean `email_verification`?",
        ]
    );
}

#[test]
fn a_named_file_must_exist() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = portcullis(directory.path());
    let printed = refusal(&program.args(["check", "--config", "own.toml"]).output().unwrap());
    assert!(printed.contains("own.toml cannot be read"), "{printed}");
}

#[test]
fn an_offline_check_reads_only_the_configuration() {
    let directory = tempfile::tempdir().unwrap();
    let unreachable = "postgres://u@127.0.0.1:1/none";
    let check = |variable: &str| {
        let mut program = in_production(directory.path(), unreachable);
        program
            .args(["check", "--offline"])
            .env_remove("PORTCULLIS_RATE_LIMIT__ENABLED")
            .env("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/8")
            .env(variable, "5")
            .output()
            .unwrap()
    };
    let output = check("PORTCULLIS_SESSION__UPDATE_AGE");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        concat!(
            "configuration: valid (production mode)\n",
            "session cookie: __Secure-better-auth.session_token for auth.example.com; Secure; SameSite=Lax\n",
        )
    );
    let printed = refusal(&check("PORTCULLIS_SESSION__EXPIRES"));
    assert!(printed.contains("PORTCULLIS_SESSION__EXPIRES"), "{printed}");
}

#[test]
fn a_current_database_passes_the_check() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let output = in_production(directory.path(), database.url())
        .env_remove("PORTCULLIS_RATE_LIMIT__ENABLED")
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        concat!(
            "configuration: valid (production mode)\n",
            "trusted proxies: none; if a proxy or a backend forwards requests to this server, add its address to ",
            "`trusted_proxies`: otherwise all its clients have its address, and share its rate limits\n",
            "session cookie: __Secure-better-auth.session_token for auth.example.com; Secure; SameSite=Lax\n",
            "database: reachable\n",
            "schema: current\n",
            "clock: agrees with the database's\n",
            "messages: none are sent (`delivery.transport` is \"none\")\n",
        )
    );
    let output = in_production(directory.path(), database.url())
        .env("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/8")
        .arg("check")
        .output()
        .unwrap();
    assert!(
        !stdout(&output).contains("trusted proxies"),
        "{}",
        stdout(&output)
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
    let printed = stdout(&output);
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines[0], "configuration: valid (production mode)");
    for (line, start) in lines[1..].iter().zip([
        "warning: BETTER_AUTH_TRUSTED_ORIGINS: `trusted_origins`: \"https://my-app-*.vercel.app\" may trust",
        "warning: PORTCULLIS_RATE_LIMIT__ENABLED: `rate_limit.enabled` is `false`",
        "trusted proxies: none",
        "session cookie: ",
        "note: the trusted origin https://my-app-*.vercel.app is on another site than `base_url`",
        "database: reachable",
    ]) {
        assert!(line.starts_with(start), "{start}: {printed}");
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
        let printed = refusal(&program.env(name, value).arg("check").output().unwrap());
        assert!(printed.contains(&format!("{name}: `")), "{printed}");
    }
}

#[test]
fn an_empty_database_fails_the_check_in_production_and_passes_it_in_development() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let printed = refusal(
        &in_production(directory.path(), database.url())
            .arg("check")
            .output()
            .unwrap(),
    );
    assert!(printed.contains("run `portcullis migrate`"), "{printed}");

    let output = in_development(directory.path(), database.url())
        .arg("check")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("the next start migrates it"));
}

#[test]
fn an_unreachable_database_is_reported_with_its_key_and_without_its_password() {
    let directory = tempfile::tempdir().unwrap();
    let unreachable = "postgres://operator:hidden@127.0.0.1:1/none";
    let printed = refusal(
        &in_production(directory.path(), unreachable)
            .arg("check")
            .output()
            .unwrap(),
    );
    assert!(printed.contains("`database.url` (DATABASE_URL)"), "{printed}");
    assert!(
        !printed.contains("hidden") && !printed.contains("operator"),
        "{printed}"
    );
}

#[test]
fn without_a_database_the_check_names_the_private_one_in_development() {
    let directory = tempfile::tempdir().unwrap();
    let output = portcullis(directory.path()).arg("check").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("a private PostgreSQL"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
