//! The values that each type accepts and rejects, and the type of its column.

use serde_json::{Value, json};

use super::{EVERY_TYPE, claims, declared, first, part, sign_up, update, user};

#[tokio::test]
async fn a_value_of_every_type_is_stored_returned_and_changed() {
    let server = declared(EVERY_TYPE).start();
    let ada = server.anonymous();
    let signed_up = sign_up(&ada, "ada", &first()).await;
    assert_eq!(part(&signed_up.json()["user"], &first()), first(), "{signed_up}");
    assert_eq!(part(&user(&ada).await, &first()), first());
    assert_eq!(part(&claims(&ada).await, &first()), first());
    let again = server.signed_in("ada").await;
    assert_eq!(part(&user(&again).await, &first()), first());

    let second = json!({
        "motto": "", "age": -1, "member": false, "born": "1852-11-27T00:00:00.000Z",
        "tags": [], "scores": [0], "plan": "free",
    });
    assert_eq!(update(&ada, &second).await.body, r#"{"status":true}"#);
    assert_eq!(part(&user(&ada).await, &second), second);
    let names = second.as_object().unwrap().keys();
    let nothing = Value::Object(names.map(|name| (name.clone(), Value::Null)).collect());
    assert_eq!(update(&ada, &nothing).await.status, 200);
    assert_eq!(part(&user(&ada).await, &nothing), nothing);
}

#[tokio::test]
async fn columns_have_the_types_of_better_auth() {
    let server = declared(EVERY_TYPE).start();
    sign_up(&server.anonymous(), "ada", &first()).await;
    for (column, kind, condition) in [
        ("motto", "text", "motto = 'sapere aude'"),
        ("age", "integer", "age = 36"),
        ("member", "boolean", "member"),
        (
            "born",
            "timestamp with time zone",
            "born = '1815-12-10T00:00:00Z'",
        ),
        ("tags", "jsonb", r#"tags = '["a", "b"]'"#),
        ("scores", "jsonb", "scores = '[1, 2.5]'"),
        ("plan", "text", "plan = 'paid'"),
    ] {
        let select = format!(
            "(select data_type from information_schema.columns where table_name = 'user' and column_name = '{column}')"
        );
        assert_eq!(server.shown(&select).as_deref(), Some(kind), "{column}");
        assert_eq!(
            server.rows(&format!(r#"select from "user" where {condition}"#)),
            1,
            "{condition}"
        );
    }
}

#[tokio::test]
async fn a_value_of_another_type_is_rejected_at_sign_up_and_at_update() {
    let server = declared(EVERY_TYPE).start();
    let ada = server.anonymous();
    sign_up(&ada, "ada", &first()).await;
    let strange = [
        ("motto", json!(1)),
        ("motto", json!({})),
        ("motto", json!(["a"])),
        ("age", json!("36")),
        ("age", json!(1.5)),
        ("age", json!(2_147_483_648_i64)),
        ("age", json!(9_007_199_254_740_993_i64)),
        ("age", json!(u64::MAX)),
        ("age", json!(1e300)),
        ("age", json!(true)),
        ("member", json!("true")),
        ("member", json!(1)),
        ("born", json!("yesterday")),
        ("born", json!(0)),
        ("born", json!("0000-01-01T00:00:00Z")),
        ("born", json!("0001-01-01T00:00:00+00:01")),
        ("born", json!("9999-12-31T23:59:59-23:59")),
        ("born", json!("+10000-01-01T00:00:00Z")),
        ("born", json!("2016-12-31T23:59:60Z")),
        ("born", json!("infinity")),
        ("tags", json!("a")),
        ("tags", json!([1])),
        ("tags", json!(["a", "b\0"])),
        ("tags", json!([["a"]])),
        ("tags", json!({ "0": "a" })),
        ("scores", json!(["1"])),
        ("scores", json!(1)),
        ("plan", json!("gold")),
        ("plan", json!(["free"])),
    ];
    for (name, value) in strange {
        let body = json!({ name: value });
        for answer in [
            sign_up(&server.anonymous(), "eve", &body).await,
            update(&ada, &body).await,
        ] {
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, "VALIDATION_ERROR"),
                "{body}: {answer}"
            );
            assert!(answer.body.contains(&format!("[body.{name}] ")), "{answer}");
            assert_eq!(answer.cookies().count(), 0);
        }
    }
    assert_eq!(server.rows(r#"select from "user""#), 1);
    assert_eq!(part(&user(&ada).await, &first()), first());
}

#[tokio::test]
async fn a_json_field_holds_any_json_value() {
    let server = declared(
        r#"
        [user.additional_fields]
        settings = { type = "json", required = false }
        layout = { type = "json", default = { panes = ["a"], columns = 2 } }
    "#,
    )
    .start();
    let ada = server.anonymous();
    let signed_up = sign_up(&ada, "ada", &json!({ "settings": { "b": 1, "a": [null, "x"] } })).await;
    assert!(
        signed_up
            .body
            .contains(r#""settings":{"a":[null,"x"],"b":1},"layout":{"panes":["a"],"columns":2}"#),
        "{signed_up}"
    );
    let select = "(select data_type from information_schema.columns where table_name = 'user' and column_name = 'settings')";
    assert_eq!(server.shown(select).as_deref(), Some("jsonb"));

    for (sent, stored) in [
        (json!({}), json!({})),
        (json!(true), json!(true)),
        (json!(1.5), json!(1.5)),
        (json!([]), json!([])),
        (json!([1, { "a": ["x"] }]), json!([1, { "a": ["x"] }])),
        // As in Better Auth, a text is the source text of a value.
        (json!("\"x\""), json!("x")),
        (json!("{\"a\":1}"), json!({ "a": 1 })),
        (json!("null"), json!(null)),
        (json!(null), json!(null)),
    ] {
        let answer = update(&ada, &json!({ "settings": sent })).await;
        assert_eq!(answer.body, r#"{"status":true}"#, "{sent}");
        assert_eq!(user(&ada).await["settings"], stored, "{sent}");
        assert_eq!(claims(&ada).await["settings"], stored, "{sent}");
    }
    let long = "x".repeat(4097);
    for (body, issue) in [
        (
            json!({ "settings": "x" }),
            "[body.settings] Invalid input: expected json, received string",
        ),
        (
            json!({ "layout": null }),
            "[body.layout] Invalid input: expected json, received null",
        ),
        (
            json!({ "layout": "null" }),
            "[body.layout] Invalid input: expected json, received string",
        ),
        (json!({ "settings": { "a": [long] } }), "[body.settings] Too big"),
        (json!({ "settings": { (long): 1 } }), "[body.settings] Too big"),
        (json!({ "settings": { "a\0": 1 } }), "[body.settings] "),
    ] {
        let answer = update(&ada, &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "VALIDATION_ERROR"),
            "{body}"
        );
        assert!(answer.body.contains(issue), "{answer}");
    }
}

/// PostgreSQL and JavaScript agree on these values, up to both ends of the range.
#[tokio::test]
async fn the_first_and_last_dates_and_all_number_notations_are_read_back() {
    let server = declared(EVERY_TYPE).start();
    let ada = server.anonymous();
    sign_up(&ada, "ada", &first()).await;
    for (sent, shown) in [
        (
            r#"{"born":"0001-01-01T00:00:00Z"}"#,
            r#"{"born":"0001-01-01T00:00:00.000Z"}"#,
        ),
        (
            r#"{"born":"9999-12-31T23:59:59.999Z"}"#,
            r#"{"born":"9999-12-31T23:59:59.999Z"}"#,
        ),
        (r#"{"age":-0}"#, r#"{"age":0}"#),
        (r#"{"age":2.0}"#, r#"{"age":2}"#),
        (r#"{"age":2e3}"#, r#"{"age":2000}"#),
        (
            r#"{"scores":[-0,1.0,2.5,9007199254740993]}"#,
            r#"{"scores":[0,1,2.5,9007199254740993]}"#,
        ),
    ] {
        let call = ada
            .call("POST", "/api/auth/update-user")
            .header("origin", "http://localhost:3000");
        let answer = call.body("application/json", sent).send().await;
        assert_eq!(answer.status, 200, "{sent}: {answer}");
        let shown: Value = serde_json::from_str(shown).unwrap();
        assert_eq!(
            part(&user(&ada).await, &shown).to_string(),
            shown.to_string(),
            "{sent}"
        );
    }
    for sent in [r#"{"age":NaN}"#, r#"{"scores":[1e400]}"#, r#"{"age":-Infinity}"#] {
        let call = ada
            .call("POST", "/api/auth/update-user")
            .header("origin", "http://localhost:3000");
        let answer = call.body("application/json", sent).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "INVALID_JSON"),
            "{sent}"
        );
    }
}
