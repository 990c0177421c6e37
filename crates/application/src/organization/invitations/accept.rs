//! Acceptance of invitations.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    organization::{
        ACTIVE_ORGANIZATION_ID, ACTIVE_TEAM_ID, Invitation, InvitationId, InvitationStatus, MEMBER, Member,
        TeamId, TeamMember,
    },
    session::Session,
};

use super::{
    super::{OrganizationOptions, Organizations},
    Unentitled,
    team_check::TeamPlace,
};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    ports::{Failure, RandomExt, Repositories, WriteError},
    session::StrictCaller,
};

/// An accepted invitation.
#[derive(Debug)]
pub struct Accepted {
    /// The invitation.
    pub invitation: Invitation,
    /// The new member.
    pub member: Member,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

/// Why an invitation was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInvitationError {
    /// There is no such invitation, it was answered or canceled, or it has expired.
    #[error("there is no open invitation")]
    NotFound,
    /// The invitation is addressed to another user.
    #[error("the caller is not the recipient")]
    NotRecipient,
    /// The caller's address is not verified.
    #[error("the caller's address is not verified")]
    EmailNotVerified,
    /// The organization has too many members.
    #[error("the organization has too many members")]
    MembershipLimitReached,
    /// The caller is a member.
    #[error("the caller is a member already")]
    AlreadyMember,
    /// A team of the invitation has too many members.
    #[error("a team has too many members")]
    TeamLimitReached,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unentitled> for AcceptInvitationError {
    fn from(error: Unentitled) -> Self {
        match error {
            Unentitled::NotRecipient => Self::NotRecipient,
            Unentitled::EmailNotVerified => Self::EmailNotVerified,
        }
    }
}

impl Organizations {
    /// Makes the caller a member of the organization and of the invitation's teams. The organization becomes the active
    /// one, and the team, if there is only one.
    ///
    /// # Errors
    ///
    /// Of many parallel requests, one succeeds; the others get [`AcceptInvitationError::NotFound`].
    pub async fn accept(
        &self,
        by: &StrictCaller,
        invitation: &InvitationId,
        is_remembered: bool,
    ) -> Result<Accepted, AcceptInvitationError> {
        let now = self.clock.now();

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(AcceptInvitationError::SessionEnded)?;
        let found = unit.invitations().find(invitation).await?;
        let found = found.filter(|found| found.is_open(now));
        let found = found.ok_or(AcceptInvitationError::NotFound)?;
        self.check_recipient(&found, by.user())?;
        let locked = unit.organizations().lock(&found.organization_id).await?;
        locked.ok_or(AcceptInvitationError::NotFound)?;
        self.check_place(unit.as_mut(), by, &found).await?;
        let (from, to) = (InvitationStatus::Pending, InvitationStatus::Accepted);
        let settled = unit.invitations().settle(&found.id, from, to).await?;
        let invitation = settled.ok_or(AcceptInvitationError::NotFound)?;
        let teams = self.join_teams(unit.as_mut(), by, &invitation, now).await?;
        let member = self.join(unit.as_mut(), by, &invitation, now).await?;
        let (session, has_team) = self.enter(unit.as_mut(), by, &invitation, &teams).await?;
        unit.commit().await?;

        let effects = if has_team {
            self.stored(session, by, is_remembered)
        } else {
            SessionEffect::Unchanged.into()
        };
        Ok(Accepted {
            invitation,
            member,
            effects,
        })
    }

    /// Checks whether the locked organization can get the caller as a member.
    async fn check_place(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        invitation: &Invitation,
    ) -> Result<(), AcceptInvitationError> {
        let id = &invitation.organization_id;
        let count = db.members().count(id).await?;
        if OrganizationOptions::is_full(count, Some(self.options.membership_limit)) {
            return Err(AcceptInvitationError::MembershipLimitReached);
        }
        if db.members().find_of_user(id, &by.user().id).await?.is_some() {
            return Err(AcceptInvitationError::AlreadyMember);
        }
        Ok(())
    }

    /// Makes the caller a member of the invitation's teams, and returns them. Teams that were deleted meanwhile are left out.
    async fn join_teams(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        invitation: &Invitation,
        now: DateTime<Utc>,
    ) -> Result<Vec<TeamId>, AcceptInvitationError> {
        let mut joined = Vec::new();
        let wanted = invitation
            .team_ids
            .iter()
            .filter(|_| self.options.teams.is_some());
        for team in wanted {
            match self.team_place(db, &invitation.organization_id, team).await? {
                TeamPlace::Free(team) => {
                    let member = TeamMember {
                        id: self.random.id(),
                        team_id: team.id.clone(),
                        user_id: by.user().id.clone(),
                        created_at: Some(now),
                    };
                    if db.teams().find_member(&team.id, &by.user().id).await?.is_none() {
                        db.teams().insert_member(&member).await?;
                    }
                    joined.push(team.id);
                }
                TeamPlace::Full => return Err(AcceptInvitationError::TeamLimitReached),
                TeamPlace::NotFound => {}
            }
        }
        Ok(joined)
    }

    async fn join(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        invitation: &Invitation,
        now: DateTime<Utc>,
    ) -> Result<Member, Failure> {
        let role = invitation.role.clone();
        let member = Member {
            id: self.random.id(),
            organization_id: invitation.organization_id.clone(),
            user_id: by.user().id.clone(),
            role: role.unwrap_or_else(|| RoleList::of_names([MEMBER])),
            created_at: now,
            additional: self.options.fields.member.defaults(),
        };
        db.members()
            .insert(&member)
            .await
            .map_err(WriteError::into_failure)
    }

    /// Makes the organization the caller's active one, and the team, if the invitation names only one. Returns whether it
    /// does.
    async fn enter(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        invitation: &Invitation,
        teams: &[TeamId],
    ) -> Result<(Session, bool), AcceptInvitationError> {
        let organization = invitation.organization_id.as_str();
        let mut values = vec![(ACTIVE_ORGANIZATION_ID, Some(organization))];
        let only_team = match (teams, invitation.team_ids.as_slice()) {
            ([team], [_]) => Some(team),
            _ => None,
        };
        values.extend(only_team.map(|team| (ACTIVE_TEAM_ID, Some(team.as_str()))));
        let session = self.set_session(db, by, &values).await?;
        let session = session.ok_or(AcceptInvitationError::SessionEnded)?;
        Ok((session, only_team.is_some()))
    }
}
