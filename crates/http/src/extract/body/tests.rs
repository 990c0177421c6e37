use serde_json::{Value, json};

use super::*;
use crate::options::Limits;

body! {
    enum Order {
        Ascending = "asc",
        Descending = "desc",
    }
}
body! {
    enum Only {
        One = "one",
    }
}
body! {
    Member {
        role: Text = "role",
        age: i64 = "age",
    }
}
body! {
    Example as ["object", "record"] {
        image: Option<Nullable<Text>> = "image",
        order: Option<Order> = "order",
        only: Option<Only> = "only",
        ratio: Option<f64> = "ratio",
        members: Option<Vec<Member>> = "members",
        any: Anything = "any",
        ..undeclared
    }
}

fn read(body: Value) -> Result<Example, String> {
    let query = crate::extract::query::QueryString::new("");
    let raw = Raw {
        body: Some(body),
        query,
    };
    match Body::read(raw, &Limits::default()) {
        Ok(Body(example)) => Ok(example),
        Err(error) => Err(error.message().to_owned()),
    }
}

fn issues(body: Value) -> String {
    read(body).err().unwrap_or_default()
}

#[test]
fn valid_members_are_read() {
    let body = json!({
        "image": null,
        "order": "desc",
        "only": "one",
        "ratio": 0.5,
        "members": [{ "role": "owner", "age": 36.0 }, { "role": "guest", "age": -1, "x": 1 }],
        "any": { "a": [1] },
        "extra": true,
    });
    let example = read(body).unwrap();
    assert!(matches!(example.image, Some(Nullable::Null)));
    assert_eq!(example.order, Some(Order::Descending));
    assert_eq!(example.only, Some(Only::One));
    assert_eq!(example.ratio, Some(0.5));
    let members = example.members.unwrap();
    let members: Vec<_> = members
        .iter()
        .map(|member| (member.role.as_str(), member.age))
        .collect();
    assert_eq!(members, [("owner", 36), ("guest", -1)]);
    assert_eq!(example.any, Some(json!({ "a": [1] })));
    assert_eq!(Value::Object(example.undeclared), json!({ "extra": true }));
}

#[test]
fn absent_members_are_none() {
    let example = read(json!({ "order": "asc" })).unwrap();
    assert_eq!(example.order, Some(Order::Ascending));
    assert!(example.image.is_none() && example.only.is_none() && example.ratio.is_none());
    assert!(example.members.is_none() && example.any.is_none() && example.undeclared.is_empty());
}

/// The texts are those of zod 4.
#[test]
fn issues_are_reported_in_zods_words() {
    for (body, expected) in [
        (
            json!({ "order": 1 }),
            r#"[body.order] Invalid option: expected one of "asc"|"desc""#,
        ),
        (
            json!({ "order": null }),
            r#"[body.order] Invalid option: expected one of "asc"|"desc""#,
        ),
        (
            json!({ "only": "two" }),
            r#"[body.only] Invalid input: expected "one""#,
        ),
        (
            json!({ "ratio": "1" }),
            "[body.ratio] Invalid input: expected number, received string",
        ),
        (
            json!({ "members": "x" }),
            "[body.members] Invalid input: expected array, received string",
        ),
        (
            json!({ "members": [{ "role": "r", "age": 1 }, {}] }),
            "[body.members.1.role] Invalid input: expected string, received undefined; [body.members.1.age] Invalid \
             input: expected number, received undefined",
        ),
        (
            json!({ "members": [1] }),
            "[body.members.0] Invalid input: expected object, received number",
        ),
        (
            json!({ "members": [{ "role": "r", "age": 1.5 }] }),
            "[body.members.0.age] Invalid input: expected int, received number",
        ),
        (
            json!({ "members": [{ "role": "r", "age": 9_007_199_254_740_993_i64 }] }),
            "[body.members.0.age] Too big: expected int to be <=9007199254740991",
        ),
        (
            json!({ "members": [{ "role": "r", "age": -1e300 }] }),
            "[body.members.0.age] Too small: expected int to be >=-9007199254740991",
        ),
        (
            json!([]),
            "[body] Invalid input: expected object, received array; [body] Invalid input: expected record, received \
             array",
        ),
    ] {
        assert_eq!(issues(body.clone()), expected, "{body}");
    }
}

#[test]
fn only_a_nullable_member_accepts_null() {
    assert_eq!(issues(json!({ "image": null })), "");
    assert_eq!(
        issues(json!({ "ratio": null })),
        "[body.ratio] Invalid input: expected number, received null"
    );
}

#[test]
fn the_schema_has_the_declared_members_in_their_order() {
    let schema = <Body<Example> as Input>::BODY.unwrap();
    let names: Vec<_> = schema.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["image", "order", "only", "ratio", "members", "any"]);
    assert!(schema.declares("order") && !schema.declares("orders"));
    assert!(schema.fields.iter().all(|field| !field.is_required));
    let Some(Shape::List(Shape::Object(member))) = schema.fields.get(4).map(|field| field.shape) else {
        panic!("{schema:?}")
    };
    assert!(member.fields.iter().all(|field| field.is_required));
}
