//! Which permissions a member may give to a role.

use portcullis_domain::access::{PermissionRequest, Statements};

use crate::organization::Membership;

/// Why a member may not give these permissions to a role.
pub(super) enum Ungrantable {
    /// A resource is not configured.
    UnknownResource,
    /// The member lacks permissions, each as `resource:action`.
    Missing(Vec<String>),
}

/// Checks that a role may contain these permissions: their resources are configured, and the member holds all of them.
pub(super) fn check_grant(
    membership: &Membership<'_>,
    known: &Statements,
    permission: &Statements,
) -> Result<(), Ungrantable> {
    if permission
        .iter()
        .any(|(resource, _)| known.actions(resource).is_none())
    {
        return Err(Ungrantable::UnknownResource);
    }
    let actions = permission
        .iter()
        .flat_map(|(resource, actions)| actions.iter().map(move |action| (resource, action)));
    let missing: Vec<_> = actions
        .filter(|(resource, action)| !membership.permits(&PermissionRequest::of(resource, action)))
        .map(|(resource, action)| format!("{resource}:{action}"))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Ungrantable::Missing(missing))
    }
}
