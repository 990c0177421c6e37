//! Declared fields.

use portcullis_domain::additional::{FieldDefinition, FieldKind};
use serde_json::json;

use crate::config::{
    feature_fields::{FeatureField, FeatureFields},
    fields, file,
    inputs::File,
    settings::Settings,
    tests::{load, refused},
};

fn names(fields: &[FieldDefinition]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn fields_of_the_file_keep_their_order() {
    let file = r#"
[user.additional_fields.zodiac]
type = ["aries", "taurus"]
default_value = "aries"
input = false
returned = false
[user.additional_fields.age]
type = "number"
required = false
unique = true
[session.additional_fields]
theme = { type = "string", default = "dark" }
"#;
    let config = load(file, &[]);
    let user = config.http.user_fields.fields();
    assert_eq!(names(user), ["zodiac", "age"]);
    let zodiac = FieldDefinition {
        name: "zodiac".to_owned(),
        kind: FieldKind::Enum(vec!["aries".to_owned(), "taurus".to_owned()]),
        is_required: true,
        default: Some(json!("aries")),
        is_input: false,
        is_returned: false,
        is_unique: false,
    };
    assert_eq!(user[0], zodiac);
    assert!(!user[1].is_required && user[1].is_unique && user[1].is_input && user[1].is_returned);
    assert_eq!(config.http.session_fields, config.session.fields);
    assert_eq!(names(config.http.session_fields.fields()), ["theme"]);
    assert_eq!(config.database.options.fields.user, config.http.user_fields);
    assert_eq!(config.database.options.fields.session, config.http.session_fields);
}

#[test]
fn fields_are_declared_in_the_environment_as_json() {
    let text = r#"{"z":{"type":"string[]","required":false},"a":{"type":"date","default":"2026-01-01T00:00:00+01:00"}}"#;
    let config = load("", &[("PORTCULLIS_USER__ADDITIONAL_FIELDS", text)]);
    let fields = config.http.user_fields.fields();
    assert_eq!(names(fields), ["z", "a"]);
    assert_eq!(fields[1].default, Some(json!("2025-12-31T23:00:00.000Z")));
    for (text, given) in [
        ("[]", "another value"),
        ("{", "not valid JSON"),
        ("true", "another value"),
    ] {
        let problems = refused("", &[("PORTCULLIS_USER__ADDITIONAL_FIELDS", text)]);
        let expected = format!(
            "PORTCULLIS_USER__ADDITIONAL_FIELDS: `user.additional_fields` must be a JSON object of declarations by field name, but is {given}"
        );
        assert_eq!(problems, [expected]);
    }
}

const NAME: &str = "must have a name of at most 63 letters";
const TAKEN: &str = "has the name of a built-in field; use another name";
const TYPE: &str = "must have a `type`";
/// A section, a name, a declaration, and the reason of the refusal.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("user", "\"a b\"", "{ type = \"string\" }", NAME),
    ("user", "1st", "{ type = \"string\" }", NAME),
    ("user", "_", "{ type = \"string\" }", NAME),
    ("user", "\"a\\\"; DROP\"", "{ type = \"string\" }", NAME),
    (
        "user",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "{ type = \"string\" }",
        NAME,
    ),
    ("user", "email", "{ type = \"string\" }", TAKEN),
    ("user", "createdat", "{ type = \"date\" }", TAKEN),
    ("user", "password", "{ type = \"string\" }", TAKEN),
    ("session", "userAgent", "{ type = \"string\" }", TAKEN),
    (
        "user",
        "sub",
        "{ type = \"string\" }",
        "has the name of a registered claim",
    ),
    ("user", "x", "5", "must be a table such as { type = \"string\" }"),
    ("user", "x", "{}", TYPE),
    ("user", "x", "{ type = \"text\" }", TYPE),
    ("user", "x", "{ type = [] }", TYPE),
    ("user", "x", "{ type = [1] }", TYPE),
    (
        "user",
        "x",
        "{ type = \"string\", required = 1 }",
        "has a `required` that is neither",
    ),
    (
        "user",
        "x",
        "{ type = \"string\", unik = true }",
        "has an unknown member `unik`",
    ),
    (
        "user",
        "x",
        "{ type = \"string\", fieldName = \"y\" }",
        "has `fieldName`, which is not supported yet",
    ),
    (
        "user",
        "x",
        "{ type = \"string\", default = 1 }",
        "has a default that is not string",
    ),
    (
        "user",
        "x",
        "{ type = \"number\", default = 1.5 }",
        "has a default that is not int",
    ),
    (
        "user",
        "x",
        "{ type = [\"a\"], default = \"b\" }",
        "has a default that is not one of its values",
    ),
    (
        "user",
        "x",
        "{ type = \"string\", default = \"a\", default_value = \"a\" }",
        "has two defaults",
    ),
    (
        "user",
        "x",
        "{ type = \"string\", input = false }",
        "is required, but clients may not set it",
    ),
    (
        "session",
        "x",
        "{ type = \"string\" }",
        "is required, so no session could be created",
    ),
];

#[test]
fn each_invalid_declaration_is_refused_with_its_reason() {
    for (section, name, declaration, reason) in REFUSED {
        let file = format!("\n[{section}.additional_fields]\n{name} = {declaration}");
        let problems = refused(&file, &[]);
        assert_eq!(problems.len(), 1, "{file}: {problems:?}");
        let place = format!("portcullis.toml:2: `{section}.additional_fields.");
        assert!(problems[0].starts_with(&place), "{}", problems[0]);
        assert!(problems[0].contains(&format!("` {reason}")), "{}", problems[0]);
    }
}

#[test]
fn a_name_of_63_characters_is_accepted() {
    let file = format!(
        "user.additional_fields.{} = {{ type = \"string\" }}",
        "a".repeat(63)
    );
    assert_eq!(load(&file, &[]).http.user_fields.fields().len(), 1);
}

fn flag(name: &str) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::Boolean,
        is_required: false,
        default: Some(json!(false)),
        is_input: false,
        is_returned: true,
        is_unique: false,
    }
}

fn of_feature(name: &str) -> FeatureField {
    FeatureField {
        feature: "admin",
        definition: flag(name),
    }
}

#[test]
fn fields_of_features_precede_declared_fields_and_have_reserved_names() {
    let of_features = FeatureFields {
        user: vec![of_feature("banned")],
        session: vec![of_feature("isBorrowed")],
    };
    let read = |text: &str| {
        let mut settings = Settings::default();
        let name = "portcullis.toml".to_owned();
        let text = text.to_owned();
        assert!(file::read(&File { name, text }, &mut settings));
        let fields = fields::read(&mut settings, of_features.clone());
        settings.finish().map(|_warnings| fields)
    };
    let declared = r#"
user.additional_fields.plan = { type = "string", required = false }
session.additional_fields.banned = { type = "string", required = false }
"#;
    let fields = read(declared).unwrap();
    assert_eq!(names(fields.user.fields()), ["banned", "plan"]);
    assert_eq!(names(fields.session.fields()), ["isBorrowed", "banned"]);
    assert_eq!(fields.user.fields()[0], flag("banned"));
    let reason = "has the name of a field of the plugin `admin`; use another name";
    for key in [
        "user.additional_fields.Banned",
        "session.additional_fields.isBorrowed",
    ] {
        let problems = read(&format!("{key} = {{ type = \"string\", required = false }}")).unwrap_err();
        assert!(
            problems.to_string().contains(&format!("`{key}` {reason}")),
            "{problems}"
        );
    }
}
