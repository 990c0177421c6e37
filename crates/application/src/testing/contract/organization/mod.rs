//! What every store must do with organizations.

mod invitations;
mod members;
mod organizations;
mod roles;
mod teams;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    id::UserId,
    organization::{Member, MemberId, Organization, OrganizationId, OrganizationPatch},
    user::User,
};

use crate::{
    ports::Store,
    testing::fixtures::{a_user, another_user, start},
};

pub use invitations::*;
pub use members::*;
pub use organizations::*;
pub use roles::*;
pub use teams::*;

/// Defines the tests of a store with organizations: `organization_contract!(world in world() => &world.store)`.
#[macro_export]
macro_rules! organization_contract {
    ($world:ident in $make:expr => $store:expr) => {
        $crate::organization_contract! { $world, $make, $store;
            organizations_are_found_and_changed
            a_slug_belongs_to_one_organization
            organizations_of_a_user_are_listed_once_from_the_oldest_membership
            an_organization_is_deleted_with_all_its_rows
            a_deleted_user_is_no_member
            the_active_organization_of_a_session_is_set
            members_are_found_in_their_organization_only
            roles_of_members_are_changed_and_counted_as_whole_names
            several_rows_of_a_member_are_one_member
            members_are_listed_from_the_oldest_in_pages_that_do_not_overlap
            members_are_sorted_by_a_field_and_then_by_id
            members_are_filtered_by_a_field
            a_search_is_case_insensitive_and_takes_every_character_as_it_is
            invitations_are_found_and_listed
            open_invitations_are_pending_and_not_expired
            an_invitation_is_settled_once
            teams_are_found_in_their_organization_only
            teams_have_members
            roles_of_organizations_are_found_changed_and_deleted
        }
    };
    ($world:ident, $make:expr, $store:expr; $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let $world = $make;
                $crate::testing::contract::organization::$name($store).await;
            }
        )*
    };
}

fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

fn id(text: &str) -> OrganizationId {
    OrganizationId::new(text)
}

/// Returns an organization whose slug is its id.
fn organization(id: &str) -> Organization {
    Organization {
        id: OrganizationId::new(id),
        name: format!("Name of {id}"),
        slug: id.to_owned(),
        logo: None,
        metadata: Some(r#"{"a":1}"#.to_owned()),
        created_at: start(),
        additional: AdditionalFields::default(),
    }
}

/// Returns a member who joined at `after(seconds)`.
fn member(id: &str, organization: &str, user: &User, (role, seconds): (&str, i64)) -> Member {
    Member {
        id: MemberId::new(id),
        organization_id: OrganizationId::new(organization),
        user_id: user.id.clone(),
        role: RoleList::of_stored(role),
        created_at: after(seconds),
        additional: AdditionalFields::default(),
    }
}

/// Returns a user with this id.
fn person(id: &str) -> User {
    User {
        id: UserId::new(id),
        email: EmailAddress::from_stored(format!("{id}@example.com")),
        ..a_user()
    }
}

/// Stores two users and the organizations `acme` and `other`.
async fn insert_two_of_each(store: &dyn Store) {
    let mut db = store.autocommit();
    for user in [a_user(), another_user()] {
        db.users().insert(&user).await.unwrap();
    }
    for id in ["acme", "other"] {
        db.organizations().insert(&organization(id)).await.unwrap();
    }
}

async fn insert_members(store: &dyn Store, members: &[Member]) {
    let mut db = store.autocommit();
    for member in members {
        assert_eq!(db.members().insert(member).await.unwrap(), *member);
    }
}

fn renamed(name: &str) -> OrganizationPatch {
    OrganizationPatch {
        name: Some(name.to_owned()),
        ..OrganizationPatch::default()
    }
}
