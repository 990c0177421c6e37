//! The repositories of organizations.

use std::collections::BTreeMap;

use portcullis_application::ports::{Store, UniqueKey, WriteError};
use portcullis_domain::{
    access::RoleList,
    additional::{AdditionalFields, FieldDefinition, FieldKind, FieldSchema},
    id::UserId,
    organization::{
        Comparison, FilterValue, Invitation, InvitationId, InvitationStatus, Member, MemberField,
        MemberFilter, MemberId, MemberQuery, Organization, OrganizationId, OrganizationPatch, TeamId,
        session_fields,
    },
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};
use serde_json::{Value, json};

use crate::{
    additional::field,
    fixture::{Fixture, time, user},
};

mod race;

portcullis_application::organization_contract!(world in world() => &world.store);

/// The tables of organizations with teams and roles, and with these declared fields.
fn tables(declared: &[(&'static str, FieldDefinition)]) -> BTreeMap<&'static str, FieldSchema> {
    let team_id = ("invitation", field("teamId", FieldKind::String));
    let mut fields: BTreeMap<_, Vec<_>> = [
        "organization",
        "member",
        "invitation",
        "team",
        "teamMember",
        "organizationRole",
    ]
    .into_iter()
    .map(|table| (table, Vec::new()))
    .collect();
    for (table, field) in [&team_id].into_iter().chain(declared) {
        fields.get_mut(table).unwrap().push(field.clone());
    }
    let schemas = fields.into_iter();
    schemas
        .map(|(table, fields)| (table, FieldSchema::new(fields)))
        .collect()
}

fn with_tables(tables: BTreeMap<&'static str, FieldSchema>) -> Fixture {
    Fixture::with_options(StoreOptions {
        fields: DeclaredFields {
            user: FieldSchema::default(),
            session: FieldSchema::new(session_fields(true)),
            tables,
        },
        ..StoreOptions::default()
    })
}

fn world() -> Fixture {
    with_tables(tables(&[]))
}

fn organization(id: &str) -> Organization {
    Organization {
        id: OrganizationId::new(id),
        name: "Acme".to_owned(),
        slug: id.to_owned(),
        logo: None,
        metadata: None,
        created_at: time(0),
        additional: AdditionalFields::default(),
    }
}

fn member(id: &str, user: &str, role: &str) -> Member {
    Member {
        id: MemberId::new(id),
        organization_id: OrganizationId::new("acme"),
        user_id: UserId::new(user),
        role: RoleList::of_stored(role),
        created_at: time(0),
        additional: AdditionalFields::default(),
    }
}

fn invitation(id: &str) -> Invitation {
    Invitation {
        id: InvitationId::new(id),
        organization_id: OrganizationId::new("acme"),
        email: user("joe").email,
        role: Some(RoleList::of_stored("member")),
        team_ids: vec![TeamId::new("team")],
        status: InvitationStatus::Pending,
        expires_at: time(60),
        created_at: time(0),
        inviter_id: UserId::new("jane"),
        additional: AdditionalFields::default(),
    }
}

/// Stores the organization `acme` and these users.
async fn insert(store: &PgStore, users: &[&str]) {
    let mut db = store.autocommit();
    db.organizations().insert(&organization("acme")).await.unwrap();
    for id in users {
        db.users().insert(&user(id)).await.unwrap();
    }
}

fn values(name: &str, value: Value) -> AdditionalFields {
    let mut values = AdditionalFields::default();
    values.set(name, value);
    values
}

fn unique(field: FieldDefinition) -> FieldDefinition {
    FieldDefinition {
        is_unique: true,
        ..field
    }
}

#[tokio::test]
async fn declared_fields_of_each_table_are_written_changed_and_read() {
    let plan = ("organization", field("plan", FieldKind::String));
    let seats = ("member", field("seats", FieldKind::Number));
    let note = ("invitation", field("note", FieldKind::Json));
    let world = with_tables(tables(&[plan, seats, note]));
    insert(&world.store, &["jane"]).await;
    let mut db = world.store.autocommit();
    let acme = OrganizationId::new("acme");
    let found = db.organizations().find(&acme).await.unwrap().unwrap();
    assert_eq!(found.additional.get("plan"), &Value::Null);
    let patch = OrganizationPatch {
        additional: values("plan", json!("paid")),
        ..OrganizationPatch::default()
    };
    let changed = db.organizations().update(&acme, &patch).await.unwrap().unwrap();
    assert_eq!(changed.additional.get("plan"), "paid");
    assert_eq!(changed.name, "Acme");

    let janes = Member {
        additional: values("seats", json!(7)),
        ..member("a", "jane", "owner")
    };
    assert_eq!(db.members().insert(&janes).await.unwrap(), janes);
    let found = db.members().find(&acme, &janes.id).await.unwrap().unwrap();
    assert_eq!(found.member, janes);

    let joes = Invitation {
        additional: values("note", json!({ "a": [1] })),
        ..invitation("i")
    };
    assert_eq!(db.invitations().insert(&joes).await.unwrap(), joes);
    assert_eq!(db.invitations().find(&joes.id).await.unwrap(), Some(joes));
}

#[tokio::test]
async fn members_are_filtered_and_sorted_by_a_declared_field_of_any_kind() {
    let seats = ("member", field("seats", FieldKind::Number));
    let title = ("member", field("title", FieldKind::String));
    let since = ("member", field("since", FieldKind::Date));
    let world = with_tables(tables(&[seats, title, since]));
    insert(&world.store, &["jane", "joe"]).await;
    let mut db = world.store.autocommit();
    for (id, user, seats, title) in [("a", "jane", 9, json!("50% Boss")), ("b", "joe", 10, json!(null))] {
        let mut additional = values("seats", json!(seats));
        additional.set("title", title);
        additional.set("since", json!("2026-01-01T00:00:00.000Z"));
        let row = Member {
            additional,
            ..member(id, user, "member")
        };
        db.members().insert(&row).await.unwrap();
    }
    for (name, comparison, value, ids) in [
        ("seats", Comparison::Less, json!(10), "a"),
        ("seats", Comparison::Equal, json!(10), "b"),
        ("seats", Comparison::Contains, json!(1), ""),
        ("title", Comparison::Contains, json!("BOSS"), "a"),
        ("title", Comparison::Contains, json!("_"), ""),
        ("title", Comparison::NotEqual, json!("x"), "a"),
        ("title", Comparison::Equal, json!(null), ""),
        (
            "since",
            Comparison::Equal,
            json!("2026-01-01T00:00:00.000Z"),
            "ab",
        ),
        (
            "since",
            Comparison::Greater,
            json!("2026-01-01T00:00:00.000Z"),
            "",
        ),
    ] {
        let query = MemberQuery {
            filter: Some(MemberFilter {
                field: MemberField::Additional(name.to_owned()),
                comparison,
                value: FilterValue::Additional(value.clone()),
            }),
            ..MemberQuery::default()
        };
        let page = db
            .members()
            .list(&OrganizationId::new("acme"), &query)
            .await
            .unwrap();
        let found: String = page.members.iter().map(|row| row.member.id.as_str()).collect();
        assert_eq!(found, ids, "{name} {comparison:?} {value}");
    }
}

#[tokio::test]
async fn a_taken_value_of_a_unique_field_leaves_the_unit_usable() {
    let badge = ("member", unique(field("badge", FieldKind::String)));
    let code = ("organization", unique(field("code", FieldKind::String)));
    let world = with_tables(tables(&[badge, code]));
    insert(&world.store, &["jane", "joe"]).await;
    let with_badge = |id: &str, user: &str| Member {
        additional: values("badge", json!("1")),
        ..member(id, user, "member")
    };
    let mut unit = world.store.begin();
    unit.members().insert(&with_badge("a", "jane")).await.unwrap();
    let taken = unit.members().insert(&with_badge("b", "joe")).await;
    assert!(matches!(
        taken,
        Err(WriteError::Taken(UniqueKey::AdditionalField))
    ));
    unit.members()
        .insert(&member("b", "joe", "member"))
        .await
        .unwrap();
    let patch = OrganizationPatch {
        additional: values("code", json!("1")),
        ..OrganizationPatch::default()
    };
    let second = Organization {
        additional: values("code", json!("1")),
        ..organization("second")
    };
    unit.organizations().insert(&second).await.unwrap();
    let taken = unit
        .organizations()
        .update(&OrganizationId::new("acme"), &patch)
        .await;
    assert!(matches!(
        taken,
        Err(WriteError::Taken(UniqueKey::AdditionalField))
    ));
    unit.commit().await.unwrap();
    assert_eq!(world.count("SELECT 1 FROM member"), 2);
}

/// Better Auth's table of invitations has a column for teams only if teams are enabled.
#[tokio::test]
async fn invitations_are_stored_without_teams_if_teams_are_disabled() {
    let without_teams = ["organization", "member", "invitation"].map(|table| (table, FieldSchema::default()));
    let world = with_tables(BTreeMap::from(without_teams));
    insert(&world.store, &["jane"]).await;
    let mut db = world.store.autocommit();
    let expected = Invitation {
        team_ids: Vec::new(),
        ..invitation("i")
    };
    assert_eq!(db.invitations().insert(&invitation("i")).await.unwrap(), expected);
    assert_eq!(db.invitations().find(&expected.id).await.unwrap(), Some(expected));
    let acme = OrganizationId::new("acme");
    assert!(db.organizations().delete(&acme).await.unwrap());
}

#[tokio::test]
async fn rows_that_refer_to_no_row_or_have_a_taken_id_are_failures() {
    let world = world();
    insert(&world.store, &["jane", "joe"]).await;
    let mut db = world.store.autocommit();
    db.members().insert(&member("a", "jane", "owner")).await.unwrap();
    let elsewhere = Member {
        organization_id: OrganizationId::new("unknown"),
        ..member("b", "joe", "member")
    };
    for rejected in [
        member("a", "joe", "member"),
        member("b", "unknown", "member"),
        elsewhere,
    ] {
        let refused = db.members().insert(&rejected).await;
        assert!(matches!(refused, Err(WriteError::Failure(failure)) if !failure.is_unavailable()));
    }
    let same_id = Organization {
        slug: "other".to_owned(),
        ..organization("acme")
    };
    let refused = db.organizations().insert(&same_id).await;
    assert!(matches!(refused, Err(WriteError::Failure(failure)) if !failure.is_unavailable()));
}

/// Another program may have written them.
#[tokio::test]
async fn rows_with_unusual_values_are_read() {
    let world = world();
    insert(&world.store, &["jane"]).await;
    world.execute(
        r#"INSERT INTO invitation (id, "organizationId", email, role, "teamId", status, "expiresAt", "inviterId")
           VALUES ('i', 'acme', 'Joe@Example.com', NULL, '', 'expired', 'infinity', 'jane')"#,
    );
    let mut db = world.store.autocommit();
    let found = db
        .invitations()
        .find(&InvitationId::new("i"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.email.as_str(), "Joe@Example.com");
    assert_eq!((found.role, found.team_ids), (None, Vec::new()));
    assert_eq!(found.status, InvitationStatus::Canceled);
}
