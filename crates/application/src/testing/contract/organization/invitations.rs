//! Invitations to organizations.

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    organization::{Invitation, InvitationId, InvitationStatus, OrganizationId, TeamId},
};

use super::{after, id, insert_two_of_each};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, new_email, start},
};

/// Returns an invitation of [`new_email`] that expires at `after(60)`.
pub(super) fn invitation(id: &str, organization: &str) -> Invitation {
    Invitation {
        id: InvitationId::new(id),
        organization_id: OrganizationId::new(organization),
        email: new_email(),
        role: Some(RoleList::of_stored("admin,member")),
        team_ids: ["one", "two"].map(TeamId::new).to_vec(),
        status: InvitationStatus::Pending,
        expires_at: after(60),
        created_at: start(),
        inviter_id: a_user().id,
        additional: AdditionalFields::default(),
    }
}

async fn insert(store: &dyn Store, invitations: &[Invitation]) {
    let mut db = store.autocommit();
    for invitation in invitations {
        let stored = db.invitations().insert(invitation).await.unwrap();
        assert_eq!(stored, *invitation);
    }
}

/// [`InvitationRepository`](crate::ports::InvitationRepository)
pub async fn invitations_are_found_and_listed(store: &dyn Store) {
    insert_two_of_each(store).await;
    let later = Invitation {
        created_at: after(1),
        team_ids: Vec::new(),
        role: None,
        ..invitation("a", "acme")
    };
    let accepted = Invitation {
        status: InvitationStatus::Accepted,
        ..invitation("c", "acme")
    };
    let others = Invitation {
        created_at: after(2),
        ..invitation("d", "other")
    };
    let to_another_address = Invitation {
        email: EmailAddress::from_stored("Countess@example.com"),
        ..invitation("e", "other")
    };
    let first = invitation("b", "acme");
    let all = [&later, &first, &accepted, &others, &to_another_address].map(Clone::clone);
    insert(store, &all).await;
    let mut db = store.autocommit();
    let invitations = db.invitations();
    for expected in &all {
        let found = invitations.find(&expected.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(expected));
    }
    for unknown in ["unknown", "a\0"] {
        let none = invitations.find(&InvitationId::new(unknown)).await.unwrap();
        assert_eq!(none, None);
    }
    let listed = invitations.list(&id("acme")).await.unwrap();
    assert_eq!(listed, [first.clone(), accepted, later.clone()]);
    assert!(invitations.list(&id("unknown")).await.unwrap().is_empty());
    let pending = invitations.list_pending(&new_email()).await.unwrap();
    let names: Vec<_> = pending.iter().map(|row| row.organization_name.as_str()).collect();
    assert_eq!(names, ["Name of acme", "Name of acme", "Name of other"]);
    let pending: Vec<_> = pending.into_iter().map(|row| row.invitation).collect();
    assert_eq!(pending, [first, later, others]);
}

/// [`InvitationRepository::find_open`](crate::ports::InvitationRepository::find_open) and
/// [`count_open`](crate::ports::InvitationRepository::count_open)
pub async fn open_invitations_are_pending_and_not_expired(store: &dyn Store) {
    insert_two_of_each(store).await;
    let rejected = Invitation {
        status: InvitationStatus::Rejected,
        ..invitation("a", "acme")
    };
    let second = Invitation {
        created_at: after(1),
        expires_at: after(90),
        ..invitation("b", "acme")
    };
    let first = invitation("c", "acme");
    insert(
        store,
        &[rejected, second.clone(), first.clone(), invitation("d", "other")],
    )
    .await;
    let mut db = store.autocommit();
    let (invitations, acme) = (db.invitations(), id("acme"));
    for (now, open, count) in [
        (start(), Some(&first), 2),
        (after(60), Some(&second), 1),
        (after(90), None, 0),
    ] {
        let found = invitations.find_open(&acme, &new_email(), now).await.unwrap();
        assert_eq!(found.as_ref(), open);
        assert_eq!(invitations.count_open(&acme, now).await.unwrap(), count);
    }
    let none = invitations
        .find_open(&acme, &a_user().email, start())
        .await
        .unwrap();
    assert_eq!(none, None);
}

/// [`InvitationRepository::settle`](crate::ports::InvitationRepository::settle) and
/// [`extend`](crate::ports::InvitationRepository::extend)
pub async fn an_invitation_is_settled_once(store: &dyn Store) {
    insert_two_of_each(store).await;
    insert(store, &[invitation("a", "acme")]).await;
    let mut db = store.autocommit();
    let invitations = db.invitations();
    let invitation_id = InvitationId::new("a");
    let extended = invitations.extend(&invitation_id, after(90)).await.unwrap();
    let expected = Invitation {
        expires_at: after(90),
        ..invitation("a", "acme")
    };
    assert_eq!(extended, Some(expected.clone()));
    let (pending, accepted) = (InvitationStatus::Pending, InvitationStatus::Accepted);
    let settled = invitations
        .settle(&invitation_id, pending, accepted)
        .await
        .unwrap();
    let expected = Invitation {
        status: accepted,
        ..expected
    };
    assert_eq!(settled, Some(expected));
    for to in [accepted, InvitationStatus::Rejected] {
        let none = invitations.settle(&invitation_id, pending, to).await.unwrap();
        assert_eq!(none, None);
    }
    assert_eq!(invitations.extend(&invitation_id, after(99)).await.unwrap(), None);
    let canceled = InvitationStatus::Canceled;
    let settled = invitations
        .settle(&invitation_id, accepted, canceled)
        .await
        .unwrap();
    assert_eq!(settled.unwrap().status, canceled);
}
