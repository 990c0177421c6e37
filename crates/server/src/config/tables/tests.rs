//! Names of tables and columns.

use portcullis_persistence::migrations::adoption::{Names, TableNames};

use crate::config::tests::{load, refused};

/// The name of a table with its key, and each field with its column and key.
type Shown = (Option<(String, String)>, Vec<(String, String, String)>);

/// Returns the name of a table, and its columns by field, each with the key that declares it.
fn shown(names: &Names, table: &str) -> Shown {
    let TableNames { table, columns, .. } = names[table].clone();
    let columns = columns.into_iter();
    (
        table.map(|table| (table.name, table.key)),
        columns
            .map(|(field, column)| (field, column.name, column.key))
            .collect(),
    )
}

fn column(field: &str, name: &str, key: &str) -> (String, String, String) {
    (field.to_owned(), name.to_owned(), key.to_owned())
}

#[test]
fn tables_and_columns_of_the_core_are_named_in_camel_or_snake_case() {
    let file = r#"
[user]
model_name = "person"
fields = { email_verified = "is_verified", banned = "is_banned", favourite_colour = "colour" }
[user.additional_fields.favourite_colour]
type = "string"
[rate_limit.fields]
lastRequest = "last_hit"
"#;
    let names = load(file, &[]).table_names;
    let (table, columns) = shown(&names, "user");
    assert_eq!(table, Some(("person".to_owned(), "user.model_name".to_owned())));
    assert_eq!(
        columns,
        [
            column("banned", "is_banned", "user.fields.banned"),
            column("emailVerified", "is_verified", "user.fields.email_verified"),
            column("favourite_colour", "colour", "user.fields.favourite_colour"),
        ]
    );
    let (table, columns) = shown(&names, "rateLimit");
    assert_eq!(table, None);
    assert_eq!(
        columns,
        [column("lastRequest", "last_hit", "rate_limit.fields.lastRequest")]
    );
    assert_eq!(names["rateLimit"].key, "rate_limit");
}

#[test]
fn tables_and_columns_of_a_plugin_are_named_whether_or_not_it_is_enabled() {
    for is_on in [true, false] {
        let file = format!(
            r#"
[plugins.two_factor]
enabled = {is_on}
[plugins.two_factor.schema.user.fields]
twoFactorEnabled = "has_second_factor"
[plugins.two_factor.schema.two_factor]
modelName = "second_factor"
fields = {{ backup_codes = "recovery_codes" }}
[plugins.jwt]
enabled = {is_on}
schema.jwks.model_name = "signing_key"
[plugins.username]
enabled = {is_on}
schema.user.fields.username = "handle"
"#
        );
        let names = load(&file, &[]).table_names;
        let schema = "plugins.two_factor.schema";
        let (table, columns) = shown(&names, "user");
        assert_eq!(table, None);
        assert_eq!(
            columns,
            [
                column(
                    "twoFactorEnabled",
                    "has_second_factor",
                    &format!("{schema}.user.fields.twoFactorEnabled")
                ),
                column(
                    "username",
                    "handle",
                    "plugins.username.schema.user.fields.username"
                ),
            ]
        );
        let (table, columns) = shown(&names, "twoFactor");
        let key = format!("{schema}.two_factor.model_name");
        assert_eq!(table, Some(("second_factor".to_owned(), key)));
        let key = format!("{schema}.two_factor.fields.backup_codes");
        assert_eq!(columns, [column("backupCodes", "recovery_codes", &key)]);
        let (table, _) = shown(&names, "jwks");
        let key = "plugins.jwt.schema.jwks.model_name".to_owned();
        assert_eq!(table, Some(("signing_key".to_owned(), key)));
        assert_eq!(names["jwks"].key, "plugins.jwt.schema.jwks");
    }
}

#[test]
fn names_of_tables_and_columns_do_not_enable_a_plugin() {
    let names = "[plugins.two_factor.schema.user.fields]\ntwoFactorEnabled = \"has_second_factor\"";
    assert!(load(names, &[]).two_factor.is_none());
    assert!(
        load(&format!("[plugins.two_factor]\nissuer = \"x\"\n{names}"), &[])
            .two_factor
            .is_some()
    );
    let variable = ("PORTCULLIS_PLUGINS__JWT__SCHEMA", "{}");
    assert!(load("", &[variable]).jwt.is_none());
}

#[test]
fn names_are_also_read_from_variables() {
    let environment = [
        ("PORTCULLIS_USER__MODEL_NAME", "person"),
        (
            "PORTCULLIS_PLUGINS__JWT__SCHEMA",
            r#"{"jwks":{"modelName":"signing_key","fields":{"publicKey":"public_jwk"}}}"#,
        ),
    ];
    let names = load("", &environment).table_names;
    assert_eq!(shown(&names, "user").0.unwrap().0, "person");
    let (table, columns) = shown(&names, "jwks");
    assert_eq!(table.unwrap().0, "signing_key");
    assert_eq!(columns[0].1, "public_jwk");
}

#[test]
fn unknown_fields_and_second_names_are_refused() {
    for (file, reason) in [
        (
            "user.fields.no_such_field = \"x\"",
            "`user.fields.no_such_field` is not the name of a field; the fields are id, name, email",
        ),
        (
            "account.fields.secret = \"x\"",
            "`account.fields.secret` is not the name of a field",
        ),
        (
            "plugins.username.schema.user.fields.email = \"x\"",
            "`plugins.username.schema.user.fields.email` is not the name of a field; the fields are username, displayUsername",
        ),
        (
            "plugins.jwt.schema.jwks.fields.kid = \"x\"",
            "`plugins.jwt.schema.jwks.fields.kid` is not the name of a field",
        ),
        (
            "plugins.jwt.schema.jwks.name = \"x\"",
            "`plugins.jwt.schema.jwks.name` is none of `model_name`",
        ),
        (
            "plugins.jwt.schema.jwks = \"x\"",
            "`plugins.jwt.schema.jwks` must be a table",
        ),
        (
            "plugins.jwt.schema.twoFactor.model_name = \"x\"",
            "`plugins.jwt.schema` has no table \"twoFactor\"",
        ),
        (
            "user.fields.username = \"x\"\nplugins.username.schema.user.fields.username = \"y\"",
            "`plugins.username.schema.user.fields.username` must not differ from `user.fields.username`",
        ),
        (
            "user.model_name = \"x\"\nplugins.jwt.schema.user.model_name = \"y\"",
            "`plugins.jwt.schema.user.model_name` must not differ from `user.model_name`",
        ),
    ] {
        let problems = refused(file, &[]);
        assert!(
            problems.iter().any(|problem| problem.contains(reason)),
            "{file}: {problems:?}"
        );
    }
}
