//! Organizations, with their members, invitations, teams and roles.

mod activation;
mod changes;
mod code;
mod decision;
mod error;
mod input;
mod invitations;
mod members;
mod own_membership;
mod own_teams;
mod received;
mod role_reads;
mod roles;
mod service;
mod team_members;
mod teams;
mod view;

use portcullis_application::organization::Organizations;
use portcullis_domain::id::Id;

use self::view::Presenter;
pub(crate) use self::{
    activation::ROUTES as ACTIVATION,
    changes::ROUTES as CHANGES,
    code::{
        invitation::CODES as INVITATION_CODES, member::CODES as MEMBER_CODES, of_organization::CODES,
        role::CODES as ROLE_CODES, team::CODES as TEAM_CODES,
    },
    decision::ROUTES as INVITATION_DECISION,
    invitations::ROUTES as INVITATIONS,
    members::ROUTES as MEMBERS,
    own_membership::ROUTES as OWN_MEMBERSHIP,
    own_teams::ROUTES as OWN_TEAMS,
    received::ROUTES as RECEIVED_INVITATIONS,
    role_reads::ROUTES as ROLE_READS,
    roles::ROUTES as ROLES,
    service::ROUTES as SERVICE,
    team_members::ROUTES as TEAM_MEMBERS,
    teams::ROUTES as TEAMS,
};
use crate::refusal::Refusals;

/// The errors with which the feature refuses the deletion of users.
pub(crate) static REFUSALS: Refusals = Refusals {
    deletions: &[&code::member::SOLE_OWNER],
    ..Refusals::NONE
};

/// Returns the presenter of rows to clients.
fn presenter(organizations: &Organizations) -> Presenter<'_> {
    let options = organizations.options();
    Presenter {
        fields: &options.fields,
        has_teams: options.teams.is_some(),
    }
}

/// Returns the id that a request names, if it names one.
fn id<Kind>(sent: Option<String>) -> Option<Id<Kind>> {
    sent.map(Id::new)
}
