//! Additional fields of users and sessions.

use portcullis_application::ports::{Store, UniqueKey, WriteError};
use portcullis_domain::{
    additional::{AdditionalFields, FieldDefinition, FieldKind, FieldSchema},
    email::EmailAddress,
    user::{User, UserPatch},
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};
use serde_json::{Map, Value, json};

use crate::fixture::{Fixture, session, time, user};

pub(crate) fn field(name: &str, kind: FieldKind) -> FieldDefinition {
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

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// One field of each kind, and names that must be quoted.
fn every_kind() -> FieldSchema {
    FieldSchema::new(vec![
        field("text", FieldKind::String),
        field("number", FieldKind::Number),
        field("boolean", FieldKind::Boolean),
        field("date", FieldKind::Date),
        field("texts", FieldKind::Strings),
        field("numbers", FieldKind::Numbers),
        field("json", FieldKind::Json),
        field(
            "choice",
            FieldKind::Enum(vec!["red".to_owned(), "blue".to_owned()]),
        ),
        field("it's \"odd\\", FieldKind::String),
    ])
}

fn values() -> Value {
    json!({
        "text": "it's \"a\" \\ text 🦀",
        "number": -2_147_483_648_i64,
        "boolean": false,
        "date": "2026-01-01T00:00:00.123Z",
        "texts": ["a", "", "null"],
        "numbers": [1, 2.5, -3],
        "json": { "a": [1, null, "null"], "bb": "x" },
        "choice": "red",
        "it's \"odd\\": "quoted",
    })
}

fn declaring(user: FieldSchema, session: FieldSchema) -> Fixture {
    Fixture::with_options(StoreOptions {
        fields: DeclaredFields {
            user,
            session,
            ..DeclaredFields::default()
        },
        ..StoreOptions::default()
    })
}

fn with(user: User, additional: AdditionalFields) -> User {
    User { additional, ..user }
}

async fn found(store: &PgStore, user: &User) -> User {
    store.autocommit().users().find(&user.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn values_of_every_kind_are_read_as_they_were_written() {
    let schema = every_kind();
    let world = declaring(schema.clone(), schema.clone());
    let mut read = world.store.autocommit();
    let given = schema.create(&map(&values())).unwrap();
    let nulls = schema.from_stored(Map::new());
    for (id, sent, additional) in [
        ("given", given.clone(), given),
        ("nothing", schema.defaults(), nulls),
    ] {
        let user = read.users().insert(&with(user(id), sent.clone())).await.unwrap();
        assert_eq!(user.additional, additional);
        let mut session = session(id, &user);
        session.additional = sent;
        let session = read.sessions().insert(&session).await.unwrap();
        assert_eq!(session.additional, additional);

        assert_eq!(found(&world.store, &user).await, user);
        assert_eq!(
            read.users().find_by_email(&user.email).await.unwrap().as_ref(),
            Some(&user)
        );
        assert_eq!(
            world
                .store
                .autocommit()
                .users()
                .lock(&user.id)
                .await
                .unwrap()
                .as_ref(),
            Some(&user)
        );
        let (stored, owner) = read
            .sessions()
            .find_by_token(&session.token)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(owner, user);
        assert_eq!(stored.additional, additional);
        let listed = read
            .sessions()
            .list_by_user(&user.id, time(0), 100)
            .await
            .unwrap();
        assert_eq!(listed[0].additional, additional);
    }
}

#[tokio::test]
async fn values_are_stored_in_columns_of_their_types() {
    let schema = every_kind();
    let world = declaring(schema.clone(), FieldSchema::default());
    let jane = with(user("jane"), schema.create(&map(&values())).unwrap());
    world.store.autocommit().users().insert(&jane).await.unwrap();
    let as_columns = r#"SELECT 1 FROM "user" WHERE text = E'it''s "a" \\ text 🦀' AND number = -2147483648
        AND boolean = false AND date = timestamptz '2026-01-01 00:00:00.123+00' AND texts = jsonb '["a", "", "null"]'
        AND numbers = jsonb '[1, 2.5, -3]' AND choice = 'red' AND "it's ""odd\" = 'quoted'"#;
    assert_eq!(world.count(as_columns), 1);

    let nothing = with(user("nothing"), schema.defaults());
    world.store.autocommit().users().insert(&nothing).await.unwrap();
    let nulls =
        r#"SELECT 1 FROM "user" WHERE num_nulls(text, number, boolean, date, texts, numbers, choice) = 7"#;
    assert_eq!(world.count(nulls), 1);
}

#[tokio::test]
async fn an_update_keeps_the_fields_that_it_does_not_set() {
    let schema = every_kind();
    let world = declaring(schema.clone(), FieldSchema::default());
    let jane = with(user("jane"), schema.create(&map(&values())).unwrap());
    let mut read = world.store.autocommit();
    read.users().insert(&jane).await.unwrap();
    for changes in [
        json!({ "text": null, "texts": null, "date": null }),
        json!({ "number": 7, "texts": ["x"], "numbers": [], "boolean": true }),
        json!({ "date": "2027-01-01T00:00:00.000Z", "it's \"odd\\": "" }),
        json!({}),
    ] {
        let mut expected = found(&world.store, &jane).await.additional.values().clone();
        expected.extend(map(&changes));
        let patch = UserPatch {
            additional: schema.update(&map(&changes)).unwrap(),
            ..UserPatch::default()
        };
        let changed = read
            .users()
            .update(&jane.id, &patch, time(9))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(changed.additional.values(), &expected);
        assert_eq!(found(&world.store, &jane).await, changed);
    }
    let new = EmailAddress::parse("new@example.com").unwrap();
    let before = found(&world.store, &jane).await.additional;
    let moved = read
        .users()
        .set_email(&jane.id, &jane.email, &new, true, time(9))
        .await
        .unwrap();
    assert_eq!(moved.unwrap().additional, before);
}

#[tokio::test]
async fn concurrent_updates_of_different_fields_are_both_kept() {
    let schema = every_kind();
    let world = declaring(schema.clone(), FieldSchema::default());
    let jane = with(user("jane"), schema.defaults());
    world.store.autocommit().users().insert(&jane).await.unwrap();
    let other = world.another_store();
    let change = async |store: &PgStore, values: Value| {
        let patch = UserPatch {
            additional: schema.update(&map(&values)).unwrap(),
            ..UserPatch::default()
        };
        store
            .autocommit()
            .users()
            .update(&jane.id, &patch, time(9))
            .await
            .unwrap();
    };
    for round in 0..20 {
        tokio::join!(
            change(&world.store, json!({ "number": round })),
            change(&other, json!({ "text": round.to_string() })),
        );
        let now = found(&world.store, &jane).await.additional;
        assert_eq!(
            (now.get("number"), now.get("text")),
            (&json!(round), &json!(round.to_string()))
        );
    }
}

#[tokio::test]
async fn there_may_be_more_fields_than_a_postgresql_function_has_arguments() {
    let fields = (0..120).map(|number| field(&format!("field{number}"), FieldKind::Number));
    let schema = FieldSchema::new(fields.collect());
    let world = declaring(schema.clone(), FieldSchema::default());
    let sent = (0..120)
        .map(|number| (format!("field{number}"), json!(number)))
        .collect();
    let jane = with(user("jane"), schema.create(&sent).unwrap());
    world.store.autocommit().users().insert(&jane).await.unwrap();
    assert_eq!(found(&world.store, &jane).await, jane);
}

#[tokio::test]
async fn a_text_with_nul_is_refused_and_costs_no_connection() {
    let schema = every_kind();
    let world = declaring(schema.clone(), FieldSchema::default());
    for sent in [json!({ "text": "a\0b" }), json!({ "texts": ["a", "\0"] })] {
        let jane = with(user("jane"), schema.create(&map(&sent)).unwrap());
        let error = world.store.autocommit().users().insert(&jane).await.unwrap_err();
        assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
    }
}

/// A world in which users have the unique field `handle`, and Jane's is set.
async fn world_with_handles() -> (Fixture, FieldSchema) {
    let handle = FieldDefinition {
        is_unique: true,
        ..field("handle", FieldKind::String)
    };
    let schema = FieldSchema::new(vec![handle, field("number", FieldKind::Number)]);
    let world = declaring(schema.clone(), FieldSchema::default());
    let jane = with(
        user("jane"),
        schema.create(&map(&json!({ "handle": "jane" }))).unwrap(),
    );
    world.store.autocommit().users().insert(&jane).await.unwrap();
    (world, schema)
}

#[tokio::test]
async fn a_taken_field_a_taken_address_and_a_taken_id_are_reported_separately_and_the_unit_stays_usable() {
    let (world, schema) = world_with_handles().await;
    let with_handle = |id: &str, handle: &str| {
        let sent = map(&json!({ "handle": handle }));
        with(user(id), schema.create(&sent).unwrap())
    };
    let same_address = User {
        email: user("jane").email,
        ..with_handle("rival", "rival")
    };
    let same_id = User {
        id: user("jane").id,
        ..with_handle("rival", "rival")
    };
    let mut unit = world.store.begin();
    let error = unit
        .users()
        .insert(&with_handle("rival", "jane"))
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::AdditionalField)));
    let error = unit.users().insert(&same_address).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::UserEmail)));
    let error = unit.users().insert(&same_id).await.unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
    unit.users().insert(&with_handle("joe", "joe")).await.unwrap();
    unit.users()
        .insert(&with(user("nameless"), schema.defaults()))
        .await
        .unwrap();
    unit.users()
        .insert(&with(user("unknown"), schema.defaults()))
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert_eq!(world.count("SELECT 1 FROM \"user\""), 4);
}

#[tokio::test]
async fn an_update_to_a_taken_value_is_reported() {
    let (world, schema) = world_with_handles().await;
    let joe = with(user("joe"), schema.defaults());
    let mut read = world.store.autocommit();
    read.users().insert(&joe).await.unwrap();
    let patch = |handle: &str| UserPatch {
        additional: schema.update(&map(&json!({ "handle": handle }))).unwrap(),
        ..UserPatch::default()
    };
    let error = read
        .users()
        .update(&joe.id, &patch("jane"), time(9))
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::AdditionalField)));
    assert!(
        read.users()
            .update(&joe.id, &patch("joe"), time(9))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn an_inserted_session_with_a_taken_value_is_reported() {
    let device = FieldDefinition {
        is_unique: true,
        ..field("device", FieldKind::String)
    };
    let schema = FieldSchema::new(vec![device]);
    let world = declaring(FieldSchema::default(), schema.clone());
    let jane = user("jane");
    let mut read = world.store.autocommit();
    read.users().insert(&jane).await.unwrap();
    let mut session = session("one", &jane);
    session.additional = schema.create(&map(&json!({ "device": "phone" }))).unwrap();
    read.sessions().insert(&session).await.unwrap();
    let mut second = crate::fixture::session("two", &jane);
    second.additional = session.additional.clone();
    let error = read.sessions().insert(&second).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::AdditionalField)));
    second.additional = AdditionalFields::default();
    read.sessions().insert(&second).await.unwrap();
}

#[tokio::test]
async fn values_of_another_program_are_converted_to_the_declared_type() {
    let schema = every_kind();
    let world = declaring(schema.clone(), FieldSchema::default());
    world
        .store
        .autocommit()
        .users()
        .insert(&with(user("jane"), schema.defaults()))
        .await
        .unwrap();
    world.execute(
        "UPDATE \"user\" SET date = '2026-01-01 01:02:03.456789+01:00', choice = 'green', numbers = '[1.50, 2e3]';
         DO $$ BEGIN EXECUTE format($alter$ALTER DATABASE %I SET timezone = 'Asia/Kathmandu'$alter$,
            current_database()); END $$",
    );
    let jane = found(&world.another_store(), &user("jane")).await.additional;
    assert_eq!(jane.get("date"), &json!("2026-01-01T00:02:03.456Z"));
    assert_eq!(jane.get("choice"), &json!("green"));
    assert_eq!(jane.get("numbers"), &json!([1.5, 2000]));
}
