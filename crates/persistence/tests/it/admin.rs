//! The repository of administration.

use portcullis_application::{admin::contract, ports::Store};
use portcullis_domain::{
    additional::{AdditionalFields, FieldSchema},
    admin::{self, AdminPolicy, Condition, IMPERSONATED_BY, Operator, ROLE, UserQuery},
    id::UserId,
    session::Session,
    user::User,
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};

use crate::fixture::{Fixture, session, user, winners};

fn world() -> Fixture {
    let fields = DeclaredFields {
        user: FieldSchema::new(admin::user_fields()),
        session: FieldSchema::new(admin::session_fields()),
        ..DeclaredFields::default()
    };
    Fixture::with_options(StoreOptions {
        fields,
        ..StoreOptions::default()
    })
}

async fn insert(store: &PgStore, id: &str, role: Option<&str>) -> User {
    let mut additional = FieldSchema::new(admin::user_fields()).defaults();
    additional.set(ROLE, role.map(str::to_owned).into());
    let user = User {
        additional,
        ..user(id)
    };
    store.autocommit().users().insert(&user).await.unwrap()
}

async fn administrators(store: &PgStore, policy: &AdminPolicy) -> String {
    let mut unit = store.begin();
    let users = unit.admin().lock_administrators(policy).await.unwrap();
    let mut ids: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

#[tokio::test]
async fn administrators_are_found_by_one_of_their_roles_or_by_their_ids() {
    let world = world();
    let policy = AdminPolicy::default();
    assert!(
        !world
            .store
            .autocommit()
            .admin()
            .has_administrator(&policy)
            .await
            .unwrap()
    );
    for (id, role) in [
        ("plain", Some("user")),
        ("none", None),
        ("empty", Some("")),
        ("similar", Some("administrator")),
        ("root", Some("admin")),
        ("several", Some("user,admin,editor")),
    ] {
        insert(&world.store, id, role).await;
    }
    assert_eq!(administrators(&world.store, &policy).await, "root several");
    assert!(
        world
            .store
            .autocommit()
            .admin()
            .has_administrator(&policy)
            .await
            .unwrap()
    );
    let listed = AdminPolicy {
        admin_users: vec![UserId::new("plain")],
        ..policy.clone()
    };
    assert_eq!(administrators(&world.store, &listed).await, "plain root several");
    let by_default = AdminPolicy {
        default_role: "admin".to_owned(),
        ..policy
    };
    assert_eq!(
        administrators(&world.store, &by_default).await,
        "empty none root several"
    );
}

#[tokio::test]
async fn declared_members_are_compared_by_their_kind() {
    let world = world();
    insert(&world.store, "root", Some("admin")).await;
    insert(&world.store, "plain", Some("user")).await;
    world.execute(r#"UPDATE "user" SET "banned" = true, "banExpires" = '2030-01-01' WHERE "id" = 'plain'"#);
    let fields = FieldSchema::new(admin::user_fields());
    for (member, operator, value, expected) in [
        ("role", Operator::Equal, "admin", "root"),
        ("banned", Operator::Equal, "true", "plain"),
        (
            "banExpires",
            Operator::GreaterOrEqual,
            "2030-01-01T00:00:00.000Z",
            "plain",
        ),
        ("banExpires", Operator::Less, "2030-01-01", ""),
        ("banReason", Operator::NotEqual, "x", ""),
    ] {
        let query = UserQuery {
            conditions: vec![Condition::parse(&fields, member, operator, value).unwrap()],
            ..UserQuery::default()
        };
        let users = world.store.autocommit().admin().list_users(&query).await.unwrap();
        let ids: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{member} {value}");
    }
}

#[tokio::test]
async fn only_the_sessions_of_one_administrator_end() {
    let world = world();
    let (root, other) = (
        insert(&world.store, "root", Some("admin")).await,
        insert(&world.store, "other", Some("admin")).await,
    );
    let acting = |token: &str, by: &User| {
        let mut additional = AdditionalFields::default();
        additional.set(IMPERSONATED_BY, by.id.as_str().into());
        Session {
            additional,
            ..session(token, &other)
        }
    };
    let mut db = world.store.autocommit();
    for session in [acting("one", &root), acting("two", &other), session("own", &root)] {
        db.sessions().insert(&session).await.unwrap();
    }
    db.admin().delete_impersonations(&root.id).await.unwrap();
    let left = world.count(r#"SELECT 1 FROM "session" WHERE "token" IN ('two', 'own')"#);
    assert_eq!((left, world.count(r#"SELECT 1 FROM "session""#)), (2, 2));
}

/// Each of many units demotes another administrator, unless it is the last one.
#[tokio::test]
async fn of_administrators_who_leave_at_the_same_time_one_remains() {
    let world = world();
    let other = world.another_store();
    for number in 0..20 {
        insert(&world.store, &format!("admin{number}"), Some("admin")).await;
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let leave = |store: PgStore| {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async move {
            let (policy, id) = (AdminPolicy::default(), UserId::new(format!("admin{number}")));
            let mut unit = store.begin();
            unit.users().lock(&id).await?;
            if unit.admin().lock_administrators(&policy).await?.len() == 1 {
                return Ok(false);
            }
            unit.users().delete(&id).await?;
            unit.commit().await?;
            Ok(true)
        }
    };
    assert_eq!(winners(&world, &other, leave).await, 19);
}

#[tokio::test]
async fn users_are_searched_sorted_and_paged() {
    contract::users_are_searched_sorted_and_paged(&Fixture::new().store).await;
}

#[tokio::test]
async fn all_sessions_of_a_user_are_listed_from_the_oldest() {
    contract::all_sessions_of_a_user_are_listed_from_the_oldest(&world().store).await;
}
