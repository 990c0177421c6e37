//! The plugin's part in core flows.

use chrono::TimeDelta;
use portcullis_domain::{
    admin::{BAN_EXPIRES, BANNED, ROLE},
    email::EmailAddress,
    user::User,
};
use serde_json::{Value, json};

use super::world::{World, bob, options, root, session_of_bob};
use crate::{
    admin::{AdminGuard, AdminOptions, ImpersonationLens, RoleDefault},
    seams::{Decision, SessionGuard as _, SessionLens as _, UserDefaults as _},
    testing::fixtures::{a_session, a_user, start},
};

fn banned(expires: Value) -> User {
    let mut user = bob();
    user.additional.set(BANNED, json!(true));
    user.additional.set(BAN_EXPIRES, expires);
    user
}

/// Checks whether the user may have a session, and returns the user after the check.
async fn judged(options: AdminOptions, mut user: User, others: Vec<User>) -> (Decision, User, User) {
    let guard = AdminGuard::new(&options);
    let world = World::with(options, [others, vec![user.clone()]].concat());
    let mut db = world.fake.ports.store.autocommit();
    let decision = guard.check(db.as_mut(), &mut user, start()).await.unwrap();
    let stored = world.stored(&user);
    (decision, user, stored)
}

#[tokio::test]
async fn a_banned_user_is_refused_with_the_configured_message() {
    let (decision, _, _) = judged(options(), banned(Value::Null), Vec::new()).await;
    let Decision::Refused(refusal) = decision else {
        panic!("the user is refused");
    };
    assert_eq!((refusal.name, refusal.in_url), ("BANNED_USER", Some("banned")));
    assert_eq!(refusal.message.as_deref(), Some("You are banned"));
}

#[tokio::test]
async fn a_ban_that_has_ended_is_lifted() {
    let (decision, user, stored) =
        judged(options(), banned(json!("2020-01-01T00:00:00.000Z")), Vec::new()).await;
    assert_eq!((decision, &user), (Decision::Allowed, &stored));
    assert_eq!(*user.additional.get(BANNED), false);
}

#[tokio::test]
async fn the_first_administrator_has_a_verified_address_that_the_configuration_names() {
    let named = || AdminOptions {
        first_admin: Some(EmailAddress::from_stored("bob@example.com")),
        ..options()
    };
    let verified = || User {
        email_verified: true,
        ..bob()
    };
    for (options, user, others, expected) in [
        (named(), verified(), vec![], "admin"),
        (named(), bob(), vec![], "user"),
        (named(), verified(), vec![root()], "user"),
        (options(), verified(), vec![], "user"),
    ] {
        let (decision, user, stored) = judged(options, user, others).await;
        assert_eq!((decision, &user), (Decision::Allowed, &stored));
        assert_eq!(*user.additional.get(ROLE), expected);
    }
}

/// A Node server has banned the user.
#[tokio::test]
async fn a_session_of_a_banned_user_is_deleted_when_it_is_read() {
    let world = World::with(options(), vec![root(), banned(Value::Null)]);
    assert!(world.caller(&session_of_bob()).await.is_none());
    assert_eq!(world.tokens(), ["token-1"]);
    assert!(!world.sessions.may_be_cached());
    let ended = (start() - TimeDelta::days(1)).to_rfc3339();
    let world = World::with(options(), vec![root(), banned(json!(ended))]);
    assert!(world.caller(&session_of_bob()).await.is_some());
}

#[test]
fn only_own_sessions_are_visible_and_new_users_have_the_default_role() {
    let mut session = a_session();
    assert!(ImpersonationLens.is_visible(&session));
    session.additional.set("impersonatedBy", json!("user-2"));
    assert!(!ImpersonationLens.is_visible(&session));

    let (mut new, mut other) = (a_user(), bob());
    other.additional.set(ROLE, json!("editor"));
    for (user, expected) in [(&mut new, "user"), (&mut other, "editor")] {
        RoleDefault::new(&options()).prepare(user, None);
        assert_eq!(*user.additional.get(ROLE), expected);
    }
}
