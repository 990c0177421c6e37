//! The operator, who has no session.

use portcullis_domain::{additional::FieldSchema, admin::ROLE, id::UserId};

use super::world::{World, bob, root};
use crate::admin::{Actor, AdminError, AdminOptions, BanUser, RoleInput, UserKey};

const BY: Actor<'static> = Actor::Operator;

fn ban(seconds: f64) -> BanUser {
    BanUser {
        reason: None,
        seconds: Some(seconds),
    }
}

#[tokio::test]
async fn the_operator_needs_no_session_and_keeps_the_last_administrator() {
    let world = World::new();
    let admin = RoleInput::Names(vec!["admin".to_owned()]);
    let user = RoleInput::Names(vec!["user".to_owned()]);
    let last = world.admin.roles.set(BY, &root().id, &user).await;
    assert!(matches!(last, Err(AdminError::LastAdministrator)));
    let changed = world.admin.roles.set(BY, &bob().id, &admin).await.unwrap();
    assert_eq!(changed.additional.get(ROLE), "admin");
    world.admin.roles.set(BY, &root().id, &user).await.unwrap();
}

#[tokio::test]
async fn a_ban_that_has_ended_already_also_ends_the_sessions() {
    let world = World::new();
    world.admin.bans.ban(BY, &bob().id, ban(-60.0)).await.unwrap();
    assert_eq!(world.tokens().len(), 1);
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_address_with_live_sessions() {
    let world = World::new();
    let searches = &world.admin.users;
    let by_id = searches.state(BY, &UserKey::Id(bob().id)).await.unwrap();
    let by_email = searches.state(BY, &UserKey::Email(bob().email)).await.unwrap();
    assert_eq!(by_id.user, by_email.user);
    assert_eq!((by_id.sessions.len(), by_id.providers.len()), (1, 0));
    let unknown = searches.state(BY, &UserKey::Id(UserId::new("unknown"))).await;
    assert!(matches!(unknown, Err(AdminError::UserNotFound)));
}

#[tokio::test]
async fn without_roles_only_the_operator_may_act() {
    let options = AdminOptions::without_roles(FieldSchema::default());
    let world = World::with(options, vec![root(), bob()]);
    let by = world.root().await;
    let refused = world.admin.changes.remove(&by, &bob().id).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))));
    world.admin.changes.remove(BY, &root().id).await.unwrap();
}
