//! What every store must do for administration. The tests of each store run these functions with an empty store.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "these functions are the bodies of tests"
)]

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    additional::FieldSchema,
    admin::{Condition, IMPERSONATED_BY, Operator, Sorting, UserQuery},
    email::EmailAddress,
    id::{SessionId, UserId},
    listing::SortDirection,
    session::Session,
    token::SessionToken,
    user::User,
};

use crate::{
    ports::Store,
    testing::fixtures::{a_session, a_user, another_user, start},
};

fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

async fn insert_user(store: &dyn Store, user: &User) {
    store.autocommit().users().insert(user).await.unwrap();
}

fn condition(member: &str, operator: Operator, value: &str) -> Vec<Condition> {
    let condition = Condition::parse(&FieldSchema::default(), member, operator, value);
    vec![condition.unwrap()]
}

async fn names(store: &dyn Store, query: UserQuery) -> String {
    let users = store.autocommit().admin().list_users(&query).await.unwrap();
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    names.join(" ")
}

/// Conditions, and the names of the users who fulfil them.
fn searches() -> Vec<(Vec<Condition>, &'static str)> {
    vec![
        (Vec::new(), r"Bob Ada a_b a%b a\b Zoe"),
        (condition("name", Operator::Contains, "A"), r"Ada a_b a%b a\b"),
        (condition("name", Operator::Contains, "_"), "a_b"),
        (condition("name", Operator::Contains, "%"), "a%b"),
        (condition("name", Operator::Contains, r"\"), r"a\b"),
        (condition("name", Operator::StartsWith, "AD"), "Ada"),
        (condition("name", Operator::EndsWith, "B"), r"Bob a_b a%b a\b"),
        (condition("name", Operator::Equal, "ada"), ""),
        (condition("email", Operator::Equal, "user4@example.com"), "Zoe"),
        (
            condition("emailVerified", Operator::Equal, "false"),
            r"Bob a_b a\b",
        ),
        (condition("image", Operator::NotEqual, "x"), ""),
        (condition("name", Operator::Equal, "\0"), ""),
        (
            condition("createdAt", Operator::Less, "2026-01-01T00:01:00Z"),
            "Bob",
        ),
        (
            [
                condition("name", Operator::Contains, "a"),
                condition("emailVerified", Operator::NotEqual, "false"),
            ]
            .concat(),
            "Ada a%b",
        ),
    ]
}

/// [`AdminRepository::list_users`](crate::ports::AdminRepository::list_users)
pub async fn users_are_searched_sorted_and_paged(store: &dyn Store) {
    for (number, name) in ["Ada", "a_b", "a%b", r"a\b", "Zoe"].into_iter().enumerate() {
        let user = User {
            id: UserId::new(format!("id-{number}")),
            name: name.to_owned(),
            email: EmailAddress::from_stored(format!("user{number}@example.com")),
            email_verified: number % 2 == 0,
            created_at: after(100),
            ..a_user()
        };
        insert_user(store, &user).await;
    }
    insert_user(store, &another_user()).await;
    for (conditions, expected) in searches() {
        let count = store.autocommit().admin().count_users(&conditions).await.unwrap();
        let expected_count = expected.split_whitespace().count();
        assert_eq!(usize::try_from(count).unwrap(), expected_count, "{conditions:?}");
        let query = UserQuery {
            conditions,
            ..UserQuery::default()
        };
        assert_eq!(names(store, query.clone()).await, expected, "{query:?}");
    }
    for (member, limit, offset, expected) in [
        ("email", Some(2), 0, r"Zoe a\b"),
        ("email", None, 4, "Ada Bob"),
        ("email", Some(1), 9, ""),
        // Users with equal values are in the order in which they signed up.
        ("emailVerified", Some(4), 0, "Ada a%b Zoe Bob"),
    ] {
        let sorting = Sorting::parse(&FieldSchema::default(), member, SortDirection::Descending);
        let query = UserQuery {
            sorting,
            limit,
            offset,
            ..UserQuery::default()
        };
        assert_eq!(names(store, query).await, expected, "{member} {offset}");
    }
}

/// [`AdminRepository::list_sessions`](crate::ports::AdminRepository::list_sessions) and
/// [`find_signed_in`](crate::ports::AdminRepository::find_signed_in)
pub async fn all_sessions_of_a_user_are_listed_from_the_oldest(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let signed_in = db.admin().find_signed_in(&a_user().id, after(9), after(0)).await;
    assert_eq!(signed_in.unwrap(), None);
    for (number, created) in [(1, 20), (2, 10), (3, 20)] {
        let session = Session {
            id: SessionId::new(format!("session-{number}")),
            token: SessionToken::new(format!("token-{number}")),
            created_at: after(created),
            expires_at: after(30),
            ..a_session()
        };
        db.sessions().insert(&session).await.unwrap();
    }
    let sessions = db.admin().list_sessions(&a_user().id).await.unwrap();
    let tokens: Vec<_> = sessions
        .iter()
        .map(|session| session.token.expose().as_str())
        .collect();
    assert_eq!(tokens, ["token-2", "token-1", "token-3"]);
    for (since, now, expected) in [(10, 29, Some(a_user().id)), (9, 29, None), (20, 30, None)] {
        let found = db
            .admin()
            .find_signed_in(&a_user().id, after(since), after(now))
            .await;
        assert_eq!(found.unwrap().map(|user| user.id), expected, "{since} {now}");
    }
    for number in [1, 2, 3] {
        let token = SessionToken::new(format!("token-{number}"));
        db.sessions().delete(&token).await.unwrap();
    }
    let mut acting = Session {
        created_at: after(10),
        expires_at: after(30),
        ..a_session()
    };
    acting
        .additional
        .set(IMPERSONATED_BY, another_user().id.as_str().into());
    db.sessions().insert(&acting).await.unwrap();
    let signed_in = db
        .admin()
        .find_signed_in(&a_user().id, after(10), after(20))
        .await;
    assert_eq!(signed_in.unwrap(), None);
    let none = db.admin().list_sessions(&another_user().id).await.unwrap();
    assert!(none.is_empty());
}
