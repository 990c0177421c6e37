//! Organizations on adopted databases, whose ids may have the type `uuid`.

use portcullis_application::{
    ports::Repositories,
    testing::fixtures::{a_session, a_user, start},
};
use portcullis_domain::{
    access::RoleList,
    additional::{AdditionalFields, FieldSchema},
    id::{SessionId, UserId},
    organization::{
        ACTIVE_ORGANIZATION_ID, Comparison, FilterValue, Invitation, InvitationId, InvitationStatus, Member,
        MemberField, MemberFilter, MemberId, MemberQuery, Organization, OrganizationId, Team, TeamId,
        TeamMember, TeamMemberId,
    },
    session::Session,
    user::User,
};
use serde_json::json;

use super::fields;
use crate::{
    DeclaredFields,
    migrations::{
        MigrateError, SchemaState,
        adoption::{Names, adopt, undo},
        inspect, migrate,
    },
    unit_of_work::{
        PgUnitOfWork,
        tests::{Fixture, plans::ADOPTED},
    },
};

/// Tables of organizations and members that an application of the kind `drizzle-uuid` has; it has no invitations and no teams.
const WITH_UUIDS: &str = r#"
    CREATE TABLE "organization" (
        "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "name" text NOT NULL, "slug" text NOT NULL UNIQUE,
        "logo" text, "created_at" timestamp NOT NULL, "metadata" text
    );
    CREATE TABLE "member" (
        "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        "organization_id" uuid NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
        "user_id" uuid NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
        "role" text DEFAULT 'member' NOT NULL, "created_at" timestamp NOT NULL
    );
"#;

fn id(number: u8) -> String {
    format!("550e8400-e29b-41d4-a716-4466554400{number:02}")
}

fn organization() -> Organization {
    Organization {
        id: OrganizationId::new(id(2)),
        name: "Acme".to_owned(),
        slug: "acme".to_owned(),
        logo: None,
        metadata: None,
        created_at: start(),
        additional: AdditionalFields::default(),
    }
}

fn member() -> Member {
    Member {
        id: MemberId::new(id(3)),
        organization_id: organization().id,
        user_id: UserId::new(id(1)),
        role: RoleList::of_stored("owner"),
        created_at: start(),
        additional: AdditionalFields::default(),
    }
}

fn invitation() -> Invitation {
    Invitation {
        id: InvitationId::new(id(4)),
        organization_id: organization().id,
        email: a_user().email,
        role: Some(RoleList::of_stored("member")),
        team_ids: vec![TeamId::new(id(5))],
        status: InvitationStatus::Pending,
        expires_at: start(),
        created_at: start(),
        inviter_id: UserId::new(id(1)),
        additional: AdditionalFields::default(),
    }
}

fn team() -> Team {
    Team {
        id: TeamId::new(id(5)),
        name: "Team".to_owned(),
        organization_id: organization().id,
        created_at: start(),
        updated_at: None,
        additional: AdditionalFields::default(),
    }
}

fn team_member() -> TeamMember {
    TeamMember {
        id: TeamMemberId::new(id(6)),
        team_id: team().id,
        user_id: UserId::new(id(1)),
        created_at: Some(start()),
    }
}

/// Stores one row of each table.
async fn insert(db: &mut PgUnitOfWork) {
    let user = User {
        id: UserId::new(id(1)),
        ..a_user()
    };
    let session = Session {
        id: SessionId::new(id(7)),
        user_id: user.id.clone(),
        ..a_session()
    };
    db.users().insert(&user).await.unwrap();
    db.sessions().insert(&session).await.unwrap();
    assert_eq!(
        db.organizations().insert(&organization()).await.unwrap(),
        organization()
    );
    assert_eq!(db.members().insert(&member()).await.unwrap(), member());
    assert_eq!(
        db.invitations().insert(&invitation()).await.unwrap(),
        invitation()
    );
    assert_eq!(db.teams().insert(&team()).await.unwrap(), team());
    assert_eq!(
        db.teams().insert_member(&team_member()).await.unwrap(),
        team_member()
    );
}

async fn every_row_is_found_and_deleted(db: &mut PgUnitOfWork) {
    insert(db).await;
    let (acme, user) = (organization().id, UserId::new(id(1)));
    let found = db.members().find_of_user(&acme, &user).await.unwrap().unwrap();
    assert_eq!((found.member, found.user.email), (member(), a_user().email));
    assert_eq!(
        db.organizations().list_of_user(&user).await.unwrap(),
        [organization()]
    );
    assert_eq!(db.teams().list_of_user(&user).await.unwrap(), [team()]);
    let pending = db.invitations().list_pending(&a_user().email).await.unwrap();
    assert_eq!(pending.first().unwrap().organization_name, "Acme");
    for comparison in [Comparison::Equal, Comparison::LessOrEqual, Comparison::Contains] {
        let query = MemberQuery {
            filter: Some(MemberFilter {
                field: MemberField::UserId,
                comparison,
                value: FilterValue::Text(id(1)),
            }),
            ..MemberQuery::default()
        };
        let page = db.members().list(&acme, &query).await.unwrap();
        assert_eq!((page.members.len(), page.total), (1, 1));
    }
    let mut active = AdditionalFields::default();
    active.set(ACTIVE_ORGANIZATION_ID, json!(acme.as_str()));
    let session = db
        .sessions()
        .set_fields(&a_session().token, &active, start())
        .await
        .unwrap();
    assert_eq!(session.unwrap().active_organization(), Some(acme.clone()));
    every_row_is_deleted(db, &acme, &user).await;
}

async fn every_row_is_deleted(db: &mut PgUnitOfWork, acme: &OrganizationId, user: &UserId) {
    db.teams().remove_user(acme, user).await.unwrap();
    assert_eq!(db.teams().count_members(&team().id).await.unwrap(), 0);

    assert!(db.organizations().delete(acme).await.unwrap());
    assert!(db.invitations().list(acme).await.unwrap().is_empty());
    assert!(db.teams().list(acme).await.unwrap().is_empty());
    assert!(db.users().delete(user).await.unwrap());
}

#[tokio::test]
async fn organizations_are_stored_on_an_adopted_database_that_has_no_tables_of_them() {
    for kind in ADOPTED {
        let world = Fixture::adopted_with(kind, "", fields());
        every_row_is_found_and_deleted(&mut world.read()).await;
    }
}

#[tokio::test]
async fn organizations_are_stored_in_the_tables_of_an_adopted_database() {
    let world = Fixture::adopted_with("drizzle-uuid", WITH_UUIDS, fields());
    let mut db = world.read();
    every_row_is_found_and_deleted(&mut db).await;
    insert(&mut db).await;
    assert!(db.users().delete(&UserId::new(id(1))).await.unwrap());
    assert_eq!(db.members().count(&organization().id).await.unwrap(), 0);
    assert!(
        db.invitations()
            .list(&organization().id)
            .await
            .unwrap()
            .is_empty()
    );
}

/// A table of its own would hide that of the application.
#[tokio::test]
async fn the_tables_of_a_plugin_that_is_enabled_later_are_found_by_an_adoption_only() {
    let world = Fixture::adopted_with("drizzle-uuid", WITH_UUIDS, DeclaredFields::default());
    let (url, fields) = (world.url(), fields());
    let of_tables = DeclaredFields {
        session: FieldSchema::default(),
        ..fields.clone()
    };
    let state = inspect(&url, &of_tables).unwrap();
    assert!(matches!(state, SchemaState::Behind(_)), "{state:?}");
    let refused = migrate(&url, &of_tables).unwrap_err();
    assert!(matches!(refused, MigrateError::NeedsAdoption(_)), "{refused:?}");
    let plan = adopt(&url, &fields, &Names::new()).unwrap();
    assert!(
        plan.found
            .iter()
            .any(|line| line.starts_with("public.member is `member`"))
    );
    assert_eq!(inspect(&url, &fields).unwrap(), SchemaState::Current);
    assert_eq!(
        inspect(&url, &DeclaredFields::default()).unwrap(),
        SchemaState::Current
    );
    let repeated = adopt(&url, &fields, &Names::new()).unwrap();
    assert!(repeated.changes.is_empty(), "{:?}", repeated.changes);
}

#[tokio::test]
async fn an_adoption_with_organizations_is_undone() {
    for kind in ["drizzle", "drizzle-uuid"] {
        let world = Fixture::adopted_with(kind, "", fields());
        insert(&mut world.read()).await;
        let done = undo(&world.url()).unwrap();
        for table in ["organization", "member", "invitation", "team", "teamMember"] {
            assert!(
                done.iter()
                    .any(|line| line.ends_with(&format!(".{table}"))
                        || line.ends_with(&format!(".\"{table}\""))),
                "{kind} {table}: {done:?}"
            );
        }
    }
}
