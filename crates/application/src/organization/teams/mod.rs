//! Teams of organizations.

mod create;
mod error;
mod lists;
mod members;
mod remove;
mod set_active;
mod update;

pub use self::{
    create::CreateTeam,
    error::{
        CreateTeamError, ListTeamMembersError, ListTeamsError, RemoveTeamError, SetActiveTeamError,
        TeamMemberError, UpdateTeamError,
    },
    set_active::{ActivatedTeam, TeamSelection},
    update::UpdateTeam,
};
use portcullis_domain::{id::UserId, organization::Team};

use super::{Organizations, TeamOptions, Unbegun};
use crate::ports::{Failure, Repositories};

/// Returns whether the user is a member of the team and of its organization. Rows of a team can outlive a membership that
/// ended while teams were disabled.
async fn is_in_team(db: &mut dyn Repositories, team: &Team, user: &UserId) -> Result<bool, Failure> {
    let member = db.members().find_of_user(&team.organization_id, user).await?;
    Ok(member.is_some() && db.teams().find_member(&team.id, user).await?.is_some())
}

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
