//! Organizations themselves.

use chrono::TimeDelta;
use portcullis_domain::{
    additional::AdditionalFields,
    organization::{ACTIVE_ORGANIZATION_ID, Organization, OrganizationPatch},
    token::SessionToken,
};
use serde_json::{Map, json};

use super::{id, insert_members, insert_two_of_each, member, organization, renamed};
use crate::{
    ports::{Store, UniqueKey, WriteError},
    testing::fixtures::{a_session, a_user, another_user, start},
};

/// [`OrganizationRepository`](crate::ports::OrganizationRepository)
pub async fn organizations_are_found_and_changed(store: &dyn Store) {
    let mut db = store.autocommit();
    let stored = db.organizations().insert(&organization("acme")).await.unwrap();
    assert_eq!(stored, organization("acme"));
    let found = db.organizations().find(&id("acme")).await.unwrap();
    assert_eq!(found, Some(organization("acme")));
    let found = db.organizations().find_by_slug("acme").await.unwrap();
    assert_eq!(found, Some(organization("acme")));
    for unknown in ["Acme", "other", "a\0b"] {
        assert_eq!(db.organizations().find_by_slug(unknown).await.unwrap(), None);
        assert_eq!(db.organizations().find(&id(unknown)).await.unwrap(), None);
        let none = db.organizations().update(&id(unknown), &renamed("New")).await;
        assert_eq!(none.unwrap(), None);
    }

    let patch = OrganizationPatch {
        name: Some("New".to_owned()),
        slug: Some("new".to_owned()),
        logo: Some("https://example.com/logo.png".to_owned()),
        metadata: Some(Map::from_iter([("b".to_owned(), json!([2]))])),
        additional: AdditionalFields::default(),
    };
    let expected = Organization {
        name: "New".to_owned(),
        slug: "new".to_owned(),
        logo: patch.logo.clone(),
        metadata: Some(r#"{"b":[2]}"#.to_owned()),
        ..organization("acme")
    };
    let changed = db.organizations().update(&id("acme"), &patch).await.unwrap();
    assert_eq!(changed, Some(expected.clone()));
    let unchanged = db
        .organizations()
        .update(&id("acme"), &OrganizationPatch::default())
        .await;
    assert_eq!(unchanged.unwrap(), Some(expected));
}

/// [`OrganizationRepository::insert`](crate::ports::OrganizationRepository::insert) and
/// [`update`](crate::ports::OrganizationRepository::update)
pub async fn a_slug_belongs_to_one_organization(store: &dyn Store) {
    let mut unit = store.begin();
    unit.organizations().insert(&organization("acme")).await.unwrap();
    let double = Organization {
        slug: "acme".to_owned(),
        ..organization("other")
    };
    let taken = unit.organizations().insert(&double).await;
    assert!(matches!(
        taken,
        Err(WriteError::Taken(UniqueKey::OrganizationSlug))
    ));
    // The unit stays usable.
    unit.organizations().insert(&organization("other")).await.unwrap();
    let patch = OrganizationPatch {
        slug: Some("acme".to_owned()),
        ..OrganizationPatch::default()
    };
    let taken = unit.organizations().update(&id("other"), &patch).await;
    assert!(matches!(
        taken,
        Err(WriteError::Taken(UniqueKey::OrganizationSlug))
    ));
    let own = unit.organizations().update(&id("acme"), &patch).await.unwrap();
    assert_eq!(own, Some(organization("acme")));
    unit.commit().await.unwrap();
    let other = store
        .autocommit()
        .organizations()
        .find(&id("other"))
        .await
        .unwrap();
    assert_eq!(other, Some(organization("other")));
}

/// [`OrganizationRepository::list_of_user`](crate::ports::OrganizationRepository::list_of_user)
pub async fn organizations_of_a_user_are_listed_once_from_the_oldest_membership(store: &dyn Store) {
    insert_two_of_each(store).await;
    let ada = a_user();
    let members = [
        member("c", "acme", &ada, ("member", 2)),
        member("b", "other", &ada, ("member", 1)),
        member("a", "other", &ada, ("owner", 3)),
        member("d", "acme", &another_user(), ("owner", 0)),
    ];
    insert_members(store, &members).await;
    let mut unit = store.begin();
    let listed = unit.organizations().list_of_user(&ada.id).await.unwrap();
    assert_eq!(listed, ["other", "acme"].map(organization));
    assert_eq!(unit.organizations().count_of_user(&ada.id).await.unwrap(), 2);
    let locked = unit.organizations().lock_of_user(&ada.id).await.unwrap();
    assert_eq!(locked, ["acme", "other"].map(organization));
    let locked = unit.organizations().lock(&id("acme")).await.unwrap();
    assert_eq!(locked, Some(organization("acme")));
    let bob = another_user().id;
    assert_eq!(unit.organizations().count_of_user(&bob).await.unwrap(), 1);
}

/// [`OrganizationRepository::delete`](crate::ports::OrganizationRepository::delete)
pub async fn an_organization_is_deleted_with_all_its_rows(store: &dyn Store) {
    insert_two_of_each(store).await;
    let (ada, bob) = (a_user(), another_user());
    let members = [
        member("a", "acme", &ada, ("owner", 0)),
        member("b", "other", &bob, ("owner", 0)),
    ];
    insert_members(store, &members).await;
    let mut db = store.autocommit();
    for organization in ["acme", "other"] {
        db.invitations()
            .insert(&super::invitations::invitation(organization, organization))
            .await
            .unwrap();
        super::teams::insert_team(store, organization, organization).await;
        super::roles::insert_role(store, organization, organization).await;
    }
    assert!(db.organizations().delete(&id("acme")).await.unwrap());
    assert!(!db.organizations().delete(&id("acme")).await.unwrap());
    for (organization, count) in [("acme", 0), ("other", 1)] {
        let organization = id(organization);
        assert_eq!(db.members().count(&organization).await.unwrap(), count);
        let invitations = db.invitations().list(&organization).await.unwrap();
        assert_eq!(u64::try_from(invitations.len()).unwrap(), count);
        assert_eq!(db.teams().count(&organization).await.unwrap(), count);
        assert_eq!(db.organization_roles().count(&organization).await.unwrap(), count);
        let found = db.organizations().find(&organization).await.unwrap();
        assert_eq!(found.is_some(), count == 1);
    }
}

/// [`UserRepository::delete`](crate::ports::UserRepository::delete)
pub async fn a_deleted_user_is_no_member(store: &dyn Store) {
    insert_two_of_each(store).await;
    let (ada, bob) = (a_user(), another_user());
    let members = [
        member("a", "acme", &ada, ("owner", 0)),
        member("b", "acme", &bob, ("owner", 1)),
    ];
    insert_members(store, &members).await;
    let mut db = store.autocommit();
    let invitation = super::invitations::invitation("i", "acme");
    db.invitations().insert(&invitation).await.unwrap();
    assert!(db.users().delete(&ada.id).await.unwrap());
    assert_eq!(db.members().count(&id("acme")).await.unwrap(), 1);
    let left = db.members().find_of_user(&id("acme"), &ada.id).await.unwrap();
    assert_eq!(left, None);
    assert!(db.invitations().list(&id("acme")).await.unwrap().is_empty());
}

/// [`SessionRepository::set_fields`](crate::ports::SessionRepository::set_fields)
pub async fn the_active_organization_of_a_session_is_set(store: &dyn Store) {
    insert_two_of_each(store).await;
    let mut db = store.autocommit();
    db.sessions().insert(&a_session()).await.unwrap();
    let mut fields = AdditionalFields::default();
    let later = start() + TimeDelta::hours(1);
    for (value, active) in [(json!("acme"), Some(id("acme"))), (json!(null), None)] {
        fields.set(ACTIVE_ORGANIZATION_ID, value);
        let changed = db
            .sessions()
            .set_fields(&a_session().token, &fields, later)
            .await
            .unwrap();
        let changed = changed.unwrap();
        assert_eq!(changed.active_organization(), active);
        assert_eq!(
            (changed.updated_at, changed.expires_at),
            (later, a_session().expires_at)
        );
        let found = db.sessions().find_by_token(&a_session().token).await.unwrap();
        assert_eq!(found.unwrap().0.active_organization(), active);
    }
    let unknown = SessionToken::new("unknown");
    let none = db.sessions().set_fields(&unknown, &fields, later).await.unwrap();
    assert!(none.is_none());
}
