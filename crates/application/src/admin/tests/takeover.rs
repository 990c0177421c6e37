//! Administrators who have only some permissions.

use portcullis_domain::{
    admin::{BANNED, Permission},
    email::EmailAddress,
    password::Password,
    user::UserPatch,
};

use super::world::{World, bob, root, with_partial_roles, with_roles};
use crate::admin::{AdminError, BanUser, ChangeUser};

/// Attempts every action by which the administrator could act as the other user or lock that user out, and returns the
/// permissions that were missing.
async fn refused(roles_of_other: &str) -> Vec<Permission> {
    let users = || vec![with_roles(root(), "moderator"), with_roles(bob(), roles_of_other)];
    let world = World::with(with_partial_roles(), users());
    let (by, admin, id) = (world.root().await, &world.admin, bob().id);
    let email = ChangeUser {
        email: Some(EmailAddress::from_stored("new@example.com")),
        ..ChangeUser::default()
    };
    let verified = ChangeUser {
        email_verified: Some(!bob().email_verified),
        ..ChangeUser::default()
    };
    let mut patch = UserPatch::default();
    patch.additional.set(BANNED, true.into());
    let ban = ChangeUser {
        patch,
        ..ChangeUser::default()
    };
    let password = Password::new("password5678");
    let results = [
        admin.changes.change(&by, &id, &verified).await.map(drop),
        admin.changes.change(&by, &id, &email).await.map(drop),
        admin.changes.change(&by, &id, &ban).await.map(drop),
        admin.bans.ban(&by, &id, BanUser::default()).await.map(drop),
        admin.bans.lift(&by, &id).await.map(drop),
        admin.passwords.set(&by, &id, &password).await,
        admin.sessions.list(&by, &id).await.map(drop),
        admin.changes.remove(&by, &id).await,
    ];
    let missing = results.into_iter().filter_map(|result| match result {
        Ok(()) => None,
        Err(AdminError::NotAllowed(permission)) => Some(permission),
        Err(error) => panic!("{error}"),
    });
    let missing = missing.collect();
    if roles_of_other != "user" {
        assert_eq!(world.fake.store.rows().users, users());
    }
    missing
}

#[tokio::test]
async fn an_administrator_cannot_take_over_an_account_with_permissions_that_it_lacks() {
    let all = [
        Permission::UpdateUsers,
        Permission::UpdateUsers,
        Permission::Ban,
        Permission::Ban,
        Permission::Ban,
        Permission::SetPassword,
        Permission::ListSessions,
        Permission::DeleteUsers,
    ];
    for roles in ["admin", "editor", "user,editor"] {
        assert_eq!(refused(roles).await, all, "{roles}");
    }
    assert_eq!(refused("user").await, []);
}

#[tokio::test]
async fn other_members_of_every_user_can_be_changed() {
    let users = vec![with_roles(root(), "moderator"), with_roles(bob(), "editor")];
    let world = World::with(with_partial_roles(), users);
    let command = ChangeUser {
        email: Some(bob().email),
        patch: UserPatch {
            name: Some("Robert".to_owned()),
            ..UserPatch::default()
        },
        ..ChangeUser::default()
    };
    let by = world.root().await;
    let changed = world.admin.changes.change(&by, &bob().id, &command).await;
    assert_eq!(changed.unwrap().name, "Robert");
}
