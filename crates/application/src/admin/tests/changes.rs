//! Changes of users.

use portcullis_domain::{
    additional::AdditionalFields,
    admin::{BANNED, Permission, ROLE},
    email::EmailAddress,
    id::UserId,
    password::Password,
    token::SessionToken,
};

use super::world::{World, bob, options, root, session_of_bob, with_roles};
use crate::{
    admin::{Actor, AdminError, BanUser, ChangeUser, CreateUser, RoleInput, UserSearch},
    testing::fixtures::{a_session, new_email},
};

fn new_user() -> CreateUser {
    CreateUser {
        email: new_email(),
        email_verified: false,
        name: "Countess".to_owned(),
        image: None,
        password: Some(Password::new("password1234")),
        roles: None,
        additional: AdditionalFields::default(),
    }
}

fn roles(names: &str) -> RoleInput {
    RoleInput::Names(vec![names.to_owned()])
}

#[tokio::test]
async fn a_user_is_created_with_an_account_if_there_is_a_password() {
    let world = World::new();
    let by = world.root().await;
    let created = world.admin.creation.create(&by, new_user()).await.unwrap();
    let rows = world.fake.store.rows();
    assert_eq!((rows.users.len(), rows.accounts.len()), (3, 1));
    assert_eq!(rows.accounts[0].user_id, created.id);
    let taken = world.admin.creation.create(&by, new_user()).await;
    assert!(matches!(taken, Err(AdminError::EmailTaken)));
    let short = CreateUser {
        email: EmailAddress::from_stored("other@example.com"),
        password: Some(Password::new("short")),
        ..new_user()
    };
    let refused = world.admin.creation.create(&by, short).await;
    assert!(matches!(refused, Err(AdminError::Password(_))));
}

#[tokio::test]
async fn a_caller_without_the_permission_changes_nothing() {
    let world = World::new();
    let by = world.caller(&session_of_bob()).await.unwrap();
    let created = world.admin.creation.create(&by, new_user()).await;
    assert!(matches!(
        created,
        Err(AdminError::NotAllowed(Permission::CreateUsers))
    ));
    let banned = world.admin.bans.ban(&by, &root().id, BanUser::default()).await;
    assert!(matches!(banned, Err(AdminError::NotAllowed(Permission::Ban))));
    let removed = world.admin.changes.remove(&by, &root().id).await;
    assert!(matches!(
        removed,
        Err(AdminError::NotAllowed(Permission::DeleteUsers))
    ));
    let listed = world.admin.users.list(&by, UserSearch::default()).await;
    assert!(matches!(
        listed,
        Err(AdminError::NotAllowed(Permission::ListUsers))
    ));
    assert_eq!(world.fake.store.rows().users, [root(), bob()]);
}

/// The caller was read before another request banned it, demoted it or ended its session.
#[tokio::test]
async fn a_caller_who_loses_the_permission_meanwhile_changes_nothing() {
    for (lose, is_session_over) in [("role", false), ("ban", true), ("session", true)] {
        let world = World::with(options(), vec![root(), bob(), with_roles(bob(), "admin")]);
        let by = world.root().await;
        let mut db = world.fake.ports.store.autocommit();
        let mut fields = AdditionalFields::default();
        match lose {
            "role" => fields.set(ROLE, "user".into()),
            "ban" => fields.set(BANNED, true.into()),
            _ => db.sessions().delete(&a_session().token).await.unwrap(),
        }
        let patch = portcullis_domain::user::UserPatch {
            additional: fields,
            ..Default::default()
        };
        db.users()
            .update(&root().id, &patch, root().updated_at)
            .await
            .unwrap();
        let banned = world.admin.bans.ban(&by, &bob().id, BanUser::default()).await;
        let is_expected = match banned {
            Err(AdminError::SessionEnded) => is_session_over,
            Err(AdminError::NotAllowed(Permission::Ban)) => !is_session_over,
            _ => false,
        };
        assert!(is_expected, "{lose}");
        assert_eq!(world.stored(&bob()).additional, bob().additional);
    }
}

#[tokio::test]
async fn a_ban_ends_the_sessions_of_the_user() {
    let world = World::new();
    let by = world.root().await;
    let banned = world
        .admin
        .bans
        .ban(&by, &bob().id, BanUser::default())
        .await
        .unwrap();
    assert_eq!(*banned.additional.get("banReason"), "No reason");
    assert_eq!(world.tokens(), ["token-1"]);
    let lifted = world.admin.bans.lift(&by, &bob().id).await.unwrap();
    assert_eq!(*lifted.additional.get(BANNED), false);
    let own = world.admin.bans.ban(&by, &root().id, BanUser::default()).await;
    assert!(matches!(own, Err(AdminError::BansItself)));
    let unknown = world.admin.bans.lift(&by, &UserId::new("none")).await;
    assert!(matches!(unknown, Err(AdminError::UserNotFound)));
}

#[tokio::test]
async fn the_last_administrator_stays_also_for_the_operator() {
    let world = World::new();
    let (by, id) = (Actor::Operator, root().id);
    let admin = &world.admin;
    let banned = admin.bans.ban(by, &id, BanUser::default()).await;
    assert!(matches!(banned, Err(AdminError::LastAdministrator)));
    let demoted = admin.roles.set(by, &id, &roles("user")).await;
    assert!(matches!(demoted, Err(AdminError::LastAdministrator)));
    let removed = admin.changes.remove(by, &id).await;
    assert!(matches!(removed, Err(AdminError::Refused(refusal)) if refusal.name == "LAST_ADMINISTRATOR"));
    assert_eq!(world.stored(&root()), root());

    admin
        .roles
        .set(by, &bob().id, &roles("user,admin"))
        .await
        .unwrap();
    admin.roles.set(by, &id, &roles("user")).await.unwrap();
    admin.changes.remove(by, &id).await.unwrap();
    assert_eq!(world.fake.store.rows().users.len(), 1);
}

#[tokio::test]
async fn a_new_address_is_not_verified_unless_the_administrator_says_so() {
    let world = World::new();
    let by = world.root().await;
    for (email_verified, expected) in [(Some(true), true), (None, false)] {
        let email = if expected {
            "one@example.com"
        } else {
            "two@example.com"
        };
        let command = ChangeUser {
            email: Some(EmailAddress::from_stored(email)),
            email_verified,
            ..ChangeUser::default()
        };
        let changed = world
            .admin
            .changes
            .change(&by, &bob().id, &command)
            .await
            .unwrap();
        assert_eq!(
            (changed.email.as_str(), changed.email_verified),
            (email, expected)
        );
    }
    let taken = ChangeUser {
        email: Some(root().email),
        ..ChangeUser::default()
    };
    let taken = world.admin.changes.change(&by, &bob().id, &taken).await;
    assert!(matches!(taken, Err(AdminError::EmailTaken)));
}

#[tokio::test]
async fn a_password_that_an_administrator_sets_ends_the_sessions_of_the_user_but_not_its_own() {
    let world = World::new();
    let by = world.root().await;
    let password = Password::new("password5678");
    world
        .admin
        .passwords
        .set(&by, &bob().id, &password)
        .await
        .unwrap();
    assert_eq!(world.tokens(), ["token-1"]);
    world
        .admin
        .passwords
        .set(&by, &root().id, &password)
        .await
        .unwrap();
    assert_eq!(world.tokens(), ["token-1"]);
    assert_eq!(world.fake.store.rows().accounts.len(), 2);
}

#[tokio::test]
async fn sessions_are_ended_by_their_token_or_all_at_once() {
    let world = World::new();
    let by = world.root().await;
    let sessions = &world.admin.sessions;
    sessions.revoke(&by, &SessionToken::new("none")).await.unwrap();
    assert_eq!(sessions.list(&by, &bob().id).await.unwrap().len(), 1);
    sessions.revoke(&by, &session_of_bob().token).await.unwrap();
    assert_eq!(world.tokens(), ["token-1"]);
    sessions.revoke_all(&by, &root().id).await.unwrap();
    assert!(world.tokens().is_empty());
}
