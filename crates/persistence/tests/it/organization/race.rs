//! Concurrent changes of organizations.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis_application::ports::{Failure, Store, WriteError};
use portcullis_domain::{
    id::UserId,
    organization::{InvitationId, InvitationStatus, Member, Organization, OrganizationId},
};
use portcullis_persistence::PgStore;

use super::{insert, invitation, member, organization, world};
use crate::fixture::winners;

const LIMIT: u64 = 5;

/// The users of twenty calls.
const USERS: [&str; 20] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
];

fn acme() -> OrganizationId {
    OrganizationId::new("acme")
}

/// Locks the organization and adds the member, unless there are too many or the user is one.
async fn join(store: PgStore, member: Member) -> Result<bool, Failure> {
    let mut unit = store.begin();
    unit.organizations().lock(&acme()).await?;
    let is_member = unit
        .members()
        .find_of_user(&acme(), &member.user_id)
        .await?
        .is_some();
    if is_member || unit.members().count(&acme()).await? >= LIMIT {
        return Ok(false);
    }
    unit.members()
        .insert(&member)
        .await
        .map_err(WriteError::into_failure)?;
    unit.commit().await?;
    Ok(true)
}

/// Locks the organization and removes the user, unless the user is the only owner.
async fn leave(store: PgStore, user: UserId) -> Result<bool, Failure> {
    let mut unit = store.begin();
    unit.organizations().lock(&acme()).await?;
    if unit.members().count_with_role(&acme(), "owner").await? <= 1 {
        return Ok(false);
    }
    let removed = unit.members().remove(&acme(), &user).await?;
    unit.commit().await?;
    Ok(removed)
}

#[tokio::test]
async fn of_many_organizations_with_one_slug_one_is_created() {
    let world = world();
    let other = world.another_store();
    let ids = AtomicUsize::new(0);
    let create = |store: PgStore| {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        let new = Organization {
            slug: "acme".to_owned(),
            ..organization(&format!("id{id}"))
        };
        async move {
            let mut unit = store.begin();
            match unit.organizations().insert(&new).await {
                Ok(_stored) => unit.commit().await.map(|()| true),
                Err(WriteError::Taken(_)) => Ok(false),
                Err(WriteError::Failure(failure)) => Err(failure),
            }
        }
    };
    assert_eq!(winners(&world, &other, create).await, 1);
    assert_eq!(world.count("SELECT 1 FROM organization"), 1);
}

#[tokio::test]
async fn of_many_acceptances_and_cancellations_of_an_invitation_one_succeeds() {
    let world = world();
    let other = world.another_store();
    insert(&world.store, &["jane"]).await;
    world
        .store
        .autocommit()
        .invitations()
        .insert(&invitation("i"))
        .await
        .unwrap();
    let calls = AtomicUsize::new(0);
    let settle = |store: PgStore| {
        let to = if calls.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            InvitationStatus::Accepted
        } else {
            InvitationStatus::Canceled
        };
        async move {
            let mut unit = store.begin();
            let id = InvitationId::new("i");
            let settled = unit
                .invitations()
                .settle(&id, InvitationStatus::Pending, to)
                .await?;
            unit.commit().await?;
            Ok(settled.is_some())
        }
    };
    assert_eq!(winners(&world, &other, settle).await, 1);
}

#[tokio::test]
async fn a_user_who_joins_many_times_at_once_is_one_member() {
    let world = world();
    let other = world.another_store();
    insert(&world.store, &["jane"]).await;
    let ids = AtomicUsize::new(0);
    let join = |store: PgStore| {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        join(store, member(&format!("id{id}"), "jane", "member"))
    };
    assert_eq!(winners(&world, &other, join).await, 1);
    assert_eq!(world.count("SELECT 1 FROM member"), 1);
}

#[tokio::test]
async fn users_who_join_at_once_do_not_exceed_the_limit() {
    let world = world();
    let other = world.another_store();
    insert(&world.store, &USERS).await;
    let calls = AtomicUsize::new(0);
    let join = |store: PgStore| {
        let user = USERS[calls.fetch_add(1, Ordering::SeqCst)];
        join(store, member(user, user, "member"))
    };
    assert_eq!(winners(&world, &other, join).await, 5);
    assert_eq!(world.count("SELECT 1 FROM member"), 5);
}

#[tokio::test]
async fn of_many_owners_who_leave_at_once_one_stays() {
    let world = world();
    let other = world.another_store();
    insert(&world.store, &USERS).await;
    let mut db = world.store.autocommit();
    for user in USERS {
        db.members()
            .insert(&member(user, user, "member,owner"))
            .await
            .unwrap();
    }
    let calls = AtomicUsize::new(0);
    let leave = |store: PgStore| {
        let user = USERS[calls.fetch_add(1, Ordering::SeqCst)];
        leave(store, UserId::new(user))
    };
    assert_eq!(winners(&world, &other, leave).await, 19);
    assert_eq!(world.count("SELECT 1 FROM member"), 1);
}

/// A Node server inserts members without a lock of its own. The foreign key makes it wait.
#[tokio::test]
async fn another_server_cannot_add_a_member_to_a_locked_organization() {
    let world = world();
    insert(&world.store, &["jane", "joe"]).await;
    let mut unit = world.store.begin();
    assert!(unit.organizations().lock(&acme()).await.unwrap().is_some());
    let store = world.another_store();
    let node = tokio::spawn(async move {
        let mut db = store.autocommit();
        db.members()
            .insert(&member("b", "joe", "member"))
            .await
            .map(|_stored| ())
    });
    world.wait_until_blocked().await;
    assert_eq!(unit.members().count(&acme()).await.unwrap(), 0);
    assert!(unit.organizations().delete(&acme()).await.unwrap());
    unit.commit().await.unwrap();
    let refused = node.await.unwrap();
    assert!(matches!(refused, Err(WriteError::Failure(_))));
    assert_eq!(world.count("SELECT 1 FROM member"), 0);
}

/// All of a user's organizations are locked in one order, so that two such units do not deadlock.
#[tokio::test]
async fn units_that_lock_the_same_organizations_wait_for_each_other() {
    let world = world();
    let other = world.another_store();
    insert(&world.store, &["jane"]).await;
    let mut db = world.store.autocommit();
    for id in ["z", "b", "y"] {
        db.organizations().insert(&organization(id)).await.unwrap();
        let row = Member {
            organization_id: OrganizationId::new(id),
            ..member(id, "jane", "owner")
        };
        db.members().insert(&row).await.unwrap();
    }
    let lock = |store: PgStore| async move {
        let mut unit = store.begin();
        let locked = unit.organizations().lock_of_user(&UserId::new("jane")).await?;
        unit.commit().await?;
        Ok(locked.len() == 3)
    };
    assert_eq!(winners(&world, &other, lock).await, 20);
}
