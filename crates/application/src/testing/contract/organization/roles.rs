//! Roles that organizations create.

use portcullis_domain::{
    additional::AdditionalFields,
    organization::{OrganizationId, OrganizationRole, OrganizationRoleId, OrganizationRolePatch},
};

use super::{after, id, insert_two_of_each};
use crate::{ports::Store, testing::fixtures::start};

/// Returns a role whose name is its id.
fn role(id: &str, organization: &str) -> OrganizationRole {
    OrganizationRole {
        id: OrganizationRoleId::new(id),
        organization_id: OrganizationId::new(organization),
        role: id.to_owned(),
        permission: r#"{"team":["create"]}"#.to_owned(),
        created_at: start(),
        updated_at: None,
        additional: AdditionalFields::default(),
    }
}

pub(super) async fn insert_role(store: &dyn Store, id: &str, organization: &str) {
    let (mut db, role) = (store.autocommit(), role(id, organization));
    assert_eq!(db.organization_roles().insert(&role).await.unwrap(), role);
}

/// [`OrganizationRoleRepository`](crate::ports::OrganizationRoleRepository)
pub async fn roles_of_organizations_are_found_changed_and_deleted(store: &dyn Store) {
    insert_two_of_each(store).await;
    for (id, organization) in [("b", "acme"), ("a", "acme"), ("c", "other")] {
        insert_role(store, id, organization).await;
    }
    let mut db = store.autocommit();
    let (roles, acme) = (db.organization_roles(), id("acme"));
    let (own, others) = (OrganizationRoleId::new("a"), OrganizationRoleId::new("c"));
    assert_eq!(roles.find(&acme, &own).await.unwrap(), Some(role("a", "acme")));
    assert_eq!(roles.find(&acme, &others).await.unwrap(), None);
    let found = roles.find_by_name(&acme, "b").await.unwrap();
    assert_eq!(found, Some(role("b", "acme")));
    for unknown in ["c", "B", "", "b\0"] {
        assert_eq!(roles.find_by_name(&acme, unknown).await.unwrap(), None);
    }
    let both = [role("a", "acme"), role("b", "acme")];
    assert_eq!(roles.list(&acme).await.unwrap(), both);
    assert_eq!(roles.count(&acme).await.unwrap(), 2);
    let names = ["b", "c", "a"].map(str::to_owned);
    assert_eq!(roles.list_named(&acme, &names).await.unwrap(), both);
    assert!(roles.list_named(&acme, &[]).await.unwrap().is_empty());
    change_role(store, &own, &others).await;
    delete_role(store, &own, &others).await;
}

/// Changes a role of `acme`, and attempts it with the role of another organization.
async fn change_role(store: &dyn Store, own: &OrganizationRoleId, others: &OrganizationRoleId) {
    let mut db = store.autocommit();
    let (roles, acme) = (db.organization_roles(), id("acme"));
    let patch = OrganizationRolePatch {
        role: Some("new".to_owned()),
        permission: Some("{}".to_owned()),
        additional: AdditionalFields::default(),
    };
    let expected = OrganizationRole {
        role: "new".to_owned(),
        permission: "{}".to_owned(),
        updated_at: Some(after(1)),
        ..role("a", "acme")
    };
    let changed = roles.update(&acme, own, &patch, after(1)).await.unwrap();
    assert_eq!(changed, Some(expected));
    let unchanged = roles.update(&acme, others, &patch, after(1)).await.unwrap();
    assert_eq!(unchanged, None);
}

/// Deletes a role of `acme`, and attempts it with the role of another organization.
async fn delete_role(store: &dyn Store, own: &OrganizationRoleId, others: &OrganizationRoleId) {
    let mut db = store.autocommit();
    let (roles, acme) = (db.organization_roles(), id("acme"));
    assert!(!roles.delete(&acme, others).await.unwrap());
    assert!(roles.delete(&acme, own).await.unwrap());
    assert!(!roles.delete(&acme, own).await.unwrap());
    assert_eq!(roles.count(&id("other")).await.unwrap(), 1);
}
