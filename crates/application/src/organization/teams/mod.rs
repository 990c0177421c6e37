//! Teams of organizations.

mod changes;
mod error;
mod lists;
mod members;
mod set_active;

pub use self::{
    changes::{CreateTeam, UpdateTeam},
    error::{
        CreateTeamError, ListTeamMembersError, ListTeamsError, RemoveTeamError, SetActiveTeamError,
        TeamMemberError, UpdateTeamError,
    },
    set_active::{ActivatedTeam, TeamSelection},
};
use super::{Organizations, TeamOptions, Unbegun};

/// Teams of organizations, if they are enabled.
pub struct Teams {
    organizations: Organizations,
    options: TeamOptions,
}

impl Teams {
    /// Creates the use cases. `None`: teams are disabled.
    #[must_use]
    pub fn new(organizations: Organizations) -> Option<Self> {
        let options = organizations.options().teams.clone()?;
        Some(Self {
            organizations,
            options,
        })
    }

    /// Returns the use cases of organizations themselves.
    #[must_use]
    pub const fn organizations(&self) -> &Organizations {
        &self.organizations
    }
}
