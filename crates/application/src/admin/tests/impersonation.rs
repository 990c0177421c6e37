//! Administrators who act for users.

use portcullis_domain::{
    admin::{ROLE, impersonator},
    secret::Secret,
    session::Session,
    user::UserPatch,
};

use super::world::{World, bob, options, root, with_partial_roles, with_roles};
use crate::{
    admin::{ADMIN_SESSION, AdminError, BanUser},
    client_token::{PresentedToken, SessionEffect, TokenEffect},
    context::RequestContext,
    testing::fixtures::start,
};

fn presenting(value: &str) -> RequestContext {
    RequestContext {
        tokens: vec![PresentedToken {
            kind: ADMIN_SESSION,
            purpose: ADMIN_SESSION.purpose,
            value: Secret::new(value.to_owned()),
        }],
        ..RequestContext::default()
    }
}

/// Makes the administrator act for the user, and returns the session.
async fn acting(world: &World) -> Session {
    let context = RequestContext::default();
    let by = world.root().await;
    let impersonation = &world.admin.impersonation;
    let started = impersonation.start(&by, &bob().id, (true, &context)).await;
    started.unwrap().session
}

#[tokio::test]
async fn an_administrator_acts_for_a_user_for_an_hour() {
    let world = World::new();
    let session = acting(&world).await;
    assert_eq!(impersonator(&session), Some(root().id));
    assert_eq!(session.expires_at, start() + options().impersonation_lifetime);
    let caller = world.caller(&session).await.unwrap();
    assert!(caller.is_delegated() && !caller.is_remembered());
    assert!(!world.root().await.is_delegated());
}

#[tokio::test]
async fn the_client_stores_the_session_of_the_administrator() {
    for (is_remembered, expected) in [(true, "token-1:"), (false, "token-1:true")] {
        let world = World::new();
        let by = world.root().await;
        let context = RequestContext::default();
        let impersonation = &world.admin.impersonation;
        let started = impersonation
            .start(&by, &bob().id, (is_remembered, &context))
            .await
            .unwrap();
        let [TokenEffect::Set { kind, value, .. }] = &started.effects.tokens[..] else {
            panic!("one token is set: {:?}", started.effects.tokens);
        };
        assert_eq!((*kind, value.expose().as_str()), (ADMIN_SESSION, expected));
        assert!(matches!(
            started.effects.session,
            SessionEffect::Store { lifetime: None, .. }
        ));
    }
}

#[tokio::test]
async fn the_administrator_returns_to_its_own_live_session_only() {
    let world = World::new();
    let session = acting(&world).await;
    let by = world.caller(&session).await.unwrap();
    let impersonation = &world.admin.impersonation;
    let own = format!("{}:", session.token.expose());
    for presented in ["token-2:", "none:", "", own.as_str()] {
        let stopped = impersonation.stop(&by, &presenting(presented)).await;
        assert!(
            matches!(stopped, Err(AdminError::AdministratorSessionNotFound)),
            "{presented}"
        );
    }
    let stopped = impersonation.stop(&by, &RequestContext::default()).await;
    assert!(matches!(stopped, Err(AdminError::AdministratorSessionNotFound)));

    let returned = impersonation
        .stop(&by, &presenting("token-1:true"))
        .await
        .unwrap();
    assert_eq!(returned.active_session.user.id, root().id);
    assert!(matches!(
        returned.effects.session,
        SessionEffect::Store { lifetime: None, .. }
    ));
    assert_eq!(world.tokens(), ["token-1", "token-2"]);
    let by = world.root().await;
    let stopped = impersonation.stop(&by, &presenting("token-1:")).await;
    assert!(matches!(stopped, Err(AdminError::NotImpersonating)));
}

#[tokio::test]
async fn administrators_and_banned_users_are_not_impersonated() {
    let world = World::with(options(), vec![root(), with_roles(bob(), "user,admin")]);
    let by = world.root().await;
    let context = RequestContext::default();
    let started = world
        .admin
        .impersonation
        .start(&by, &bob().id, (true, &context))
        .await;
    assert!(matches!(started, Err(AdminError::CannotImpersonate)));

    let world = World::new();
    let by = world.root().await;
    world
        .admin
        .bans
        .ban(&by, &bob().id, BanUser::default())
        .await
        .unwrap();
    let started = world
        .admin
        .impersonation
        .start(&by, &bob().id, (true, &context))
        .await;
    assert!(matches!(started, Err(AdminError::Refused(refusal)) if refusal.name == "BANNED_USER"));
    assert_eq!(world.impersonations(), 0);
}

#[tokio::test]
async fn a_session_ends_with_the_session_of_its_administrator() {
    let world = World::new();
    let session = acting(&world).await;
    assert!(world.caller(&session).await.is_some());
    let by = world.root().await;
    world
        .admin
        .sessions
        .revoke(&by, &by.session().token)
        .await
        .unwrap();
    assert!(world.caller(&session).await.is_none());
}

#[tokio::test]
async fn a_session_ends_once_its_user_has_a_permission_that_the_administrator_lacks() {
    for (roles_of_root, roles_of_bob, changed, role) in [
        ("support", "user", bob(), "editor"),
        ("support", "user", bob(), "admin"),
        ("admin", "editor", root(), "support"),
    ] {
        let users = vec![with_roles(root(), roles_of_root), with_roles(bob(), roles_of_bob)];
        let world = World::with(with_partial_roles(), users);
        let session = acting(&world).await;
        assert!(world.caller(&session).await.is_some(), "{roles_of_root}");
        let mut patch = UserPatch::default();
        patch.additional.set(ROLE, role.into());
        let mut db = world.fake.ports.store.autocommit();
        db.users().update(&changed.id, &patch, start()).await.unwrap();
        assert!(world.caller(&session).await.is_none(), "{role}");
    }
}

#[tokio::test]
async fn an_administrator_who_acts_for_another_one_administers_nothing() {
    let mut options = options();
    options.policy.may_impersonate_admins = true;
    let world = World::with(options, vec![root(), with_roles(bob(), "admin")]);
    let session = acting(&world).await;
    let by = world.caller(&session).await.unwrap();
    let banned = world.admin.bans.ban(&by, &root().id, BanUser::default()).await;
    assert!(matches!(banned, Err(AdminError::Impersonating)));
    let context = RequestContext::default();
    let impersonation = &world.admin.impersonation;
    let started = impersonation.start(&by, &root().id, (true, &context)).await;
    assert!(matches!(started, Err(AdminError::Impersonating)));
}
