//! The team in which a session works.

use portcullis_domain::organization::{ACTIVE_TEAM_ID, Team, TeamId};

use super::{SetActiveTeamError, Teams, is_in_team};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    session::StrictCaller,
};

/// The team that a caller selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamSelection {
    /// No team.
    Clear,
    /// The team in which the caller works.
    Current,
    /// This team.
    Id(TeamId),
}

/// The team in which a session works.
#[derive(Debug)]
pub struct ActivatedTeam {
    /// The team. `None`: the session works in none.
    pub team: Option<Team>,
    /// The changes to what the client stores.
    pub effects: ClientEffects,
}

impl ActivatedTeam {
    /// Nothing changes, since the session works in no team.
    fn none() -> Self {
        Self {
            team: None,
            effects: SessionEffect::Unchanged.into(),
        }
    }
}

impl Teams {
    /// Sets the team in which the caller's session works.
    ///
    /// # Errors
    ///
    /// If the caller is not a member of the team.
    pub async fn set_active(
        &self,
        by: &StrictCaller,
        selection: TeamSelection,
        is_remembered: bool,
    ) -> Result<ActivatedTeam, SetActiveTeamError> {
        let current = by.session().active_team();
        let wanted = match (selection, current) {
            (TeamSelection::Clear | TeamSelection::Current, None) => return Ok(ActivatedTeam::none()),
            (TeamSelection::Clear, Some(_)) => None,
            (TeamSelection::Current, Some(team)) | (TeamSelection::Id(team), _) => Some(team),
        };
        let begun = by.begin(self.organizations.store.as_ref()).await?;
        let mut unit = begun.ok_or(SetActiveTeamError::SessionEnded)?;
        let mut team = None;
        if let Some(wanted) = wanted {
            let found = unit.teams().find_anywhere(&wanted).await?;
            let found = found.ok_or(SetActiveTeamError::NotFound)?;
            if !is_in_team(unit.as_mut(), &found, &by.user().id).await? {
                return Err(SetActiveTeamError::NotInTeam);
            }
            team = Some(found);
        }

        let id = team.as_ref().map(|team| team.id.as_str());
        let changed = self
            .organizations
            .set_session(unit.as_mut(), by, &[(ACTIVE_TEAM_ID, id)])
            .await?;
        let session = changed.ok_or(SetActiveTeamError::SessionEnded)?;
        unit.commit().await?;
        let effects = self.organizations.stored(session, by, is_remembered);
        Ok(ActivatedTeam { team, effects })
    }
}
