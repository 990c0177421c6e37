//! `portcullis check` prints what browsers and verifiers depend on, and notes about settings with which they do not work.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_test_database::TestDatabase;

use crate::support::{in_production, portcullis, stderr, stdout};

/// Returns the lines of an offline check with these variables, without the first one.
fn lines(variables: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let mut program = in_production(directory.path(), "postgres://127.0.0.1:1/none");
    program.env("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/8");
    program.env_remove("PORTCULLIS_RATE_LIMIT__ENABLED");
    let output = program
        .envs(variables.iter().copied())
        .args(["check", "--offline"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_name_and_the_attributes_of_the_session_cookie_are_printed() {
    assert_eq!(
        lines(&[
            ("PORTCULLIS_ADVANCED__COOKIE_PREFIX", "shop"),
            ("PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__ENABLED", "true"),
            (
                "PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__DOMAIN",
                "example.com"
            ),
        ]),
        [
            "session cookie: __Secure-shop.session_token for example.com and every host below it; Secure; SameSite=Lax"
        ]
    );
}

#[test]
fn issuer_audience_and_address_of_the_keys_are_printed() {
    let with = |name, value| lines(&[("PORTCULLIS_PLUGINS__JWT__ENABLED", "true"), (name, value)]);
    let plain = with("PORTCULLIS_BASE_PATH", "/auth");
    let keys = "keys at https://auth.example.com/auth/jwks";
    let own = "https://auth.example.com";
    assert_eq!(
        plain[1..],
        [format!("JWTs: iss \"{own}\"; aud \"{own}\"; {keys}")]
    );

    let misspelt = with(
        "PORTCULLIS_PLUGINS__JWT__JWT__ISSUER",
        "https://auth.example.com/",
    );
    let note =
        "note: `plugins.jwt.jwt.issuer` is \"https://auth.example.com/\", but the origin of `base_url` is";
    assert!(misspelt[2].starts_with(note), "{misspelt:?}");
}

#[test]
fn a_front_end_on_another_site_is_noted_unless_it_can_send_the_session() {
    const NOTE: &str = "note: the trusted origin https://app.example.org is on another site than `base_url`, \
                        https://auth.example.com: browsers do not send the session cookie with requests of its pages";
    let with = |name, value| {
        lines(&[
            ("BETTER_AUTH_TRUSTED_ORIGINS", "https://app.example.org"),
            (name, value),
        ])
    };
    let noted = with("PORTCULLIS_APP_NAME", "Shop");
    assert_eq!(noted.len(), 2, "{noted:?}");
    assert!(noted[1].starts_with(NOTE), "{noted:?}");
    for (name, value) in [
        ("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true"),
        (
            "PORTCULLIS_ADVANCED__DEFAULT_COOKIE_ATTRIBUTES__SAME_SITE",
            "none",
        ),
    ] {
        assert_eq!(with(name, value).len(), 1, "{name}");
    }
    assert_eq!(
        lines(&[("BETTER_AUTH_TRUSTED_ORIGINS", "https://app.example.com")]).len(),
        1
    );
}

#[test]
fn the_callback_url_of_each_provider_is_printed() {
    let lines = lines(&[
        ("PORTCULLIS_BASE_PATH", "/auth"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GITHUB__CLIENT_ID", "id"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GITHUB__CLIENT_SECRET", "s3cret"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_ID", "id"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_SECRET", "s3cret"),
        (
            "PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__REDIRECT_URI",
            "https://app.example.com/google",
        ),
        (
            "PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__IDP__CLIENT_ID",
            "id",
        ),
        (
            "PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__IDP__CLIENT_SECRET",
            "s3cret",
        ),
        (
            "PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__IDP__PRESET",
            "slack",
        ),
    ]);
    let callbacks = [
        ("GitHub", "https://auth.example.com/auth/callback/github"),
        ("Google", "https://app.example.com/google"),
        ("idp", "https://auth.example.com/auth/oauth2/callback/idp"),
    ];
    let expected = callbacks
        .map(|(name, url)| format!("sign-in with {name}: the callback URL to register there is {url}"));
    assert_eq!(lines[1..], expected);
}

#[test]
fn a_page_on_127_0_0_1_is_noted_if_the_server_is_on_localhost() {
    let directory = tempfile::tempdir().unwrap();
    let output = portcullis(directory.path())
        .args(["check", "--offline"])
        .env(
            "BETTER_AUTH_TRUSTED_ORIGINS",
            "http://127.0.0.1:3000,http://localhost:3000",
        )
        .output()
        .unwrap();
    let printed = stdout(&output);
    let notes: Vec<_> = printed
        .lines()
        .filter(|line| line.starts_with("note: "))
        .collect();
    assert_eq!(notes.len(), 1, "{printed}");
    assert!(
        notes[0].contains("http://127.0.0.1:3000 is on another site"),
        "{printed}"
    );
    assert!(
        notes[0].ends_with("localhost and 127.0.0.1 are different sites"),
        "{printed}"
    );
}

#[test]
fn messages_that_are_not_sent_are_counted() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection
        .batch_execute(
            r#"INSERT INTO "portcullis_message" VALUES
                ('1', 's', 3, '2026-11-01 12:00Z', now(), NULL),
                ('2', 's', 0, now(), now(), NULL),
                ('3', NULL, 9, now(), now(), now())"#,
        )
        .unwrap();
    let output = in_production(directory.path(), database.url())
        .arg("check")
        .output()
        .unwrap();
    let expected = "queued messages: 2 not sent yet, the oldest since 2026-11-01T12:00:00Z, 1 given up; \
                    the log of the server names the reasons\n";
    assert!(stdout(&output).contains(expected), "{}", stdout(&output));
}
