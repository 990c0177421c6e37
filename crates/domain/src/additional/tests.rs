use serde_json::json;

use super::*;

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind,
        is_required: false,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}

fn create(definition: FieldDefinition, sent: Value) -> Result<Value, Vec<FieldError>> {
    let name = definition.name.clone();
    let schema = FieldSchema::new(vec![definition]);
    schema.create(&map(sent)).map(|values| values.get(&name).clone())
}

#[test]
fn each_kind_accepts_only_its_own_values() {
    let choices = FieldKind::Enum(vec!["red".to_owned(), "blue".to_owned()]);
    for (kind, good, bad) in [
        (FieldKind::String, json!("x"), json!(1)),
        (FieldKind::Number, json!(-7), json!(1.5)),
        (FieldKind::Number, json!(2_147_483_647), json!(2_147_483_648_i64)),
        (FieldKind::Boolean, json!(false), json!("true")),
        (FieldKind::Strings, json!(["a", "b"]), json!(["a", 1])),
        (FieldKind::Numbers, json!([1, 2.5]), json!([1, "2"])),
        (
            FieldKind::Date,
            json!("2026-01-01T00:00:00.000Z"),
            json!("tomorrow"),
        ),
        (choices, json!("red"), json!("green")),
    ] {
        assert_eq!(
            create(field("f", kind.clone()), json!({ "f": good })),
            Ok(good),
            "{kind:?}"
        );
        let refused = create(field("f", kind.clone()), json!({ "f": bad })).unwrap_err();
        assert!(matches!(refused[..], [FieldError::WrongKind { .. }]), "{kind:?}");
    }
}

#[test]
fn a_date_is_normalised() {
    let sent = json!({ "f": "2026-01-01T01:00:00+01:00" });
    let date = create(field("f", FieldKind::Date), sent);
    assert_eq!(date, Ok(json!("2026-01-01T00:00:00.000Z")));
}

/// PostgreSQL, JavaScript and RFC 3339 agree only on these years, and JavaScript has no leap seconds.
#[test]
fn only_dates_that_every_system_can_write_are_accepted() {
    for (sent, form) in [
        ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00.000Z")),
        ("9999-12-31T23:59:59.999Z", Some("9999-12-31T23:59:59.999Z")),
        ("9999-12-31T23:59:59+23:59", Some("9999-12-31T00:00:59.000Z")),
        ("0000-01-01T00:00:00Z", None),
        ("0000-12-31T23:59:59.999Z", None),
        ("0001-01-01T00:00:00+00:01", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("9999-12-31T23:59:00-00:01", None),
        ("+10000-01-01T00:00:00Z", None),
        ("-0001-01-01T00:00:00Z", None),
        ("2016-12-31T23:59:60Z", None),
        ("infinity", None),
        ("now", None),
    ] {
        let read = FieldKind::Date.read(&json!(sent));
        assert_eq!(read, form.map(Value::from), "{sent}");
    }
}

#[test]
fn whole_numbers_are_accepted_in_every_notation() {
    let read = |kind: FieldKind, text: &str| {
        let value = kind.read(&serde_json::from_str(text).unwrap());
        value.map(|value| value.to_string())
    };
    for (written, whole) in [
        ("-0", Some("0")),
        ("-0.0", Some("0")),
        ("1.0", Some("1")),
        ("-2e3", Some("-2000")),
        ("2147483647.0", Some("2147483647")),
        ("2147483648", None),
        ("-2147483649.0", None),
        ("9007199254740993", None),
        ("18446744073709551615", None),
        ("1e308", None),
        ("0.5", None),
        ("1e-400", Some("0")),
    ] {
        assert_eq!(read(FieldKind::Number, written).as_deref(), whole, "{written}");
    }
    for (written, form) in [
        ("[-0,1.0,2.5,2e3]", "[0,1,2.5,2000]"),
        ("[9007199254740993]", "[9007199254740993]"),
        ("[18446744073709551615,1e308]", "[18446744073709551615,1e+308]"),
    ] {
        assert_eq!(
            read(FieldKind::Numbers, written).as_deref(),
            Some(form),
            "{written}"
        );
    }
    for nothing in ["NaN", "1e400", "-Infinity"] {
        assert!(
            serde_json::from_str::<Value>(nothing).is_err(),
            "{nothing} is not JSON"
        );
    }
}

#[test]
fn a_missing_value_becomes_its_default_or_null_or_an_error() {
    let optional = field("f", FieldKind::String);
    let mut required = optional.clone();
    required.is_required = true;
    let mut with_default = required.clone();
    with_default.default = Some(json!("d"));
    assert_eq!(create(optional.clone(), json!({})), Ok(Value::Null));
    assert_eq!(create(optional, json!({ "f": null })), Ok(Value::Null));
    assert_eq!(
        create(required.clone(), json!({})),
        Err(vec![FieldError::Required("f".to_owned())])
    );
    assert!(create(required, json!({ "f": null })).is_err());
    assert_eq!(create(with_default, json!({})), Ok(json!("d")));
}

#[test]
fn clients_cannot_set_fields_that_are_not_input() {
    let mut closed = field("f", FieldKind::String);
    closed.is_input = false;
    let refused = Err(vec![FieldError::NotAllowed("f".to_owned())]);
    assert_eq!(create(closed.clone(), json!({ "f": "x" })), refused);
    assert_eq!(create(closed.clone(), json!({ "f": "" })), Ok(Value::Null));
    let mut with_default = closed.clone();
    with_default.default = Some(json!("d"));
    assert_eq!(create(with_default.clone(), json!({ "f": "x" })), Ok(json!("d")));
    let schema = FieldSchema::new(vec![with_default]);
    assert!(schema.update(&map(json!({ "f": "x" }))).is_err());
    assert!(schema.update(&map(json!({ "f": 0 }))).unwrap().is_empty());
}

#[test]
fn an_update_contains_only_declared_fields_that_were_sent() {
    let schema = FieldSchema::new(vec![field("a", FieldKind::String), field("b", FieldKind::Number)]);
    let changed = schema
        .update(&map(json!({ "b": 2, "__proto__": { "x": 1 }, "id": "me" })))
        .unwrap();
    assert_eq!(Value::Object(changed.values().clone()), json!({ "b": 2 }));
}

#[test]
fn stored_values_are_returned_in_the_declared_order_and_form() {
    let mut hidden = field("hidden", FieldKind::String);
    hidden.is_returned = false;
    let schema = FieldSchema::new(vec![
        field("b", FieldKind::Date),
        hidden,
        field("a", FieldKind::Number),
    ]);
    let stored = json!({ "a": 1, "b": "2026-01-01T00:00:00+00:00", "hidden": "x", "other": 1 });
    let values = schema.from_stored(map(stored));
    let shown: Vec<_> = schema.shown(&values).collect();
    assert_eq!(
        shown,
        [("b", &json!("2026-01-01T00:00:00.000Z")), ("a", &json!(1))]
    );
    assert!(!format!("{values:?}").contains('x'));
}

#[test]
fn stored_values_are_moved_and_not_copied() {
    let schema = FieldSchema::new(vec![
        field("a", FieldKind::String),
        field("b", FieldKind::Strings),
    ]);
    let stored = map(json!({ "a": "text", "b": ["text"] }));
    let places = |values: &Map<String, Value>| {
        [
            values["a"].as_str().unwrap().as_ptr(),
            values["b"][0].as_str().unwrap().as_ptr(),
        ]
    };
    let before = places(&stored);
    assert_eq!(places(schema.from_stored(stored).values()), before);
}

/// Another program may have written the value; it is returned unchanged.
#[test]
fn a_stored_value_of_another_kind_stays_as_it_is() {
    let schema = FieldSchema::new(vec![field("a", FieldKind::Date), field("b", FieldKind::Number)]);
    let stored = json!({ "a": "infinity", "b": [1] });
    assert_eq!(
        Value::Object(schema.from_stored(map(stored.clone())).values().clone()),
        stored
    );
}

#[test]
fn truthiness_is_javascripts() {
    for (value, truth) in [
        (json!(null), false),
        (json!(false), false),
        (json!(0), false),
        (json!(""), false),
        (json!(true), true),
        (json!(-1), true),
        (json!("0"), true),
        (json!([]), true),
        (json!({}), true),
    ] {
        assert_eq!(is_truthy(&value), truth, "{value}");
    }
}

#[test]
fn a_schema_has_the_fields_that_were_declared() {
    let none = FieldSchema::default();
    assert!(none.is_empty() && none.fields().is_empty() && none.defaults().is_empty());
    let one = FieldSchema::new(vec![field("nick", FieldKind::String)]);
    assert_eq!(one.fields(), [field("nick", FieldKind::String)]);
    assert!(!one.is_empty() && one.defaults().is_empty());
    let with_default = FieldDefinition {
        default: Some(json!("Ada")),
        ..field("nick", FieldKind::String)
    };
    let defaults = FieldSchema::new(vec![with_default]).defaults();
    assert_eq!(defaults.get("nick"), "Ada");
}

#[test]
fn an_error_names_the_kind_as_better_auth_does() {
    for (kind, expected) in [
        (FieldKind::String, "string"),
        (FieldKind::Number, "int"),
        (FieldKind::Boolean, "boolean"),
        (FieldKind::Date, "date"),
        (FieldKind::Strings, "string[]"),
        (FieldKind::Numbers, "number[]"),
        (FieldKind::Enum(vec!["a".to_owned()]), "one of its values"),
        (FieldKind::Json, "json"),
    ] {
        let other = match kind {
            FieldKind::Json => json!("{"),
            _ => json!({ "an": "object" }),
        };
        let refused = create(field("nick", kind), json!({ "nick": other })).unwrap_err();
        assert_eq!(refused[0].to_string(), format!("nick is not {expected}"));
    }
}

#[test]
fn all_fields_that_are_rejected_are_reported_in_declared_order() {
    let mut required = field("b", FieldKind::String);
    required.is_required = true;
    let mut closed = field("c", FieldKind::String);
    closed.is_input = false;
    let schema = FieldSchema::new(vec![
        field("a", FieldKind::Number),
        required,
        closed,
        field("d", FieldKind::String),
    ]);
    let wrong = FieldError::WrongKind {
        name: "a".to_owned(),
        kind: FieldKind::Number,
    };
    let not_allowed = FieldError::NotAllowed("c".to_owned());
    let sent = map(json!({ "c": "x", "d": "x", "a": "x" }));
    assert_eq!(
        schema.create(&sent),
        Err(vec![
            wrong.clone(),
            FieldError::Required("b".to_owned()),
            not_allowed.clone()
        ])
    );
    assert_eq!(schema.update(&sent), Err(vec![wrong, not_allowed]));
}

/// As Better Auth does: it sends a text to PostgreSQL as the source text of the column's value.
#[test]
fn a_text_is_the_source_text_of_a_json_value() {
    for (sent, read) in [
        (json!("{\"a\":1}"), Some(json!({ "a": 1 }))),
        (json!("\"x\""), Some(json!("x"))),
        (json!("null"), Some(json!(null))),
        (json!("x"), None),
        (json!(""), None),
        (
            json!([1.0, { "bb": 1, "a": "x" }]),
            Some(json!([1, { "a": "x", "bb": 1 }])),
        ),
        (json!(true), Some(json!(true))),
    ] {
        assert_eq!(FieldKind::Json.read(&sent), read, "{sent}");
    }
    let mut required = field("f", FieldKind::Json);
    required.is_required = true;
    assert!(create(required, json!({ "f": "null" })).is_err());
    let stored = map(json!({ "f": "7" }));
    let schema = FieldSchema::new(vec![field("f", FieldKind::Json)]);
    assert_eq!(
        schema.from_stored(stored).get("f"),
        &json!("7"),
        "a stored text is not read again"
    );
}

#[test]
fn the_names_of_a_json_object_are_in_the_order_of_jsonb() {
    let read = FieldKind::Json.read(&json!({ "ccc": 1, "bb": { "z": 1, "a": 2 }, "aaa": 1, "ä": 1 }));
    assert_eq!(
        read.unwrap().to_string(),
        r#"{"bb":{"a":2,"z":1},"ä":1,"aaa":1,"ccc":1}"#
    );
}

#[test]
fn values_do_not_show_in_debug_output() {
    let mut values = AdditionalFields::default();
    values.0.insert("diagnosis".to_owned(), json!("private"));
    assert_eq!(format!("{values:?}"), "AdditionalFields(…)");
}

#[test]
fn values_are_added_or_replaced_and_all_others_stay() {
    let values = |value| AdditionalFields(map(value));
    let defaults = values(json!({ "team": "blue", "role": null }));
    let with = defaults.with(&values(json!({ "role": "admin", "by": "user-2" })));
    let expected = values(json!({ "team": "blue", "role": "admin", "by": "user-2" }));
    assert_eq!(with, expected);
}

#[test]
fn a_writer_with_more_rights_sets_the_fields_that_are_named_and_no_other() {
    let closed = |name| FieldDefinition {
        is_input: false,
        ..field(name, FieldKind::String)
    };
    let schema = FieldSchema::new(vec![
        field("plan", FieldKind::String),
        closed("role"),
        closed("secret"),
    ]);
    let writable = schema.writable(|field| field.name == "role");
    let sent = map(json!({ "plan": "free", "role": "admin" }));
    assert_eq!(
        schema.update(&sent),
        Err(vec![FieldError::NotAllowed("role".to_owned())])
    );
    assert_eq!(writable.update(&sent), Ok(AdditionalFields(sent)));
    let refused = writable.update(&map(json!({ "secret": "x" })));
    assert_eq!(refused, Err(vec![FieldError::NotAllowed("secret".to_owned())]));
    let wrong = writable.create(&map(json!({ "role": 1 }))).unwrap_err();
    assert!(matches!(wrong[..], [FieldError::WrongKind { .. }]), "{wrong:?}");
}
