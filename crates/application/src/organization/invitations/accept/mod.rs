//! Acceptance of invitations.

mod error;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    organization::{
        ACTIVE_ORGANIZATION_ID, ACTIVE_TEAM_ID, Invitation, InvitationId, InvitationStatus, MEMBER, Member,
        TeamId,
    },
};

pub use self::error::AcceptInvitationError;
use super::{
    super::{OrganizationOptions, Organizations},
    team_check::TeamPlace,
};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    ports::{RandomExt, Repositories, WriteError},
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
        let found = self.acceptable(unit.as_mut(), by, invitation, now).await?;
        let (from, to) = (InvitationStatus::Pending, InvitationStatus::Accepted);
        let settled = unit.invitations().settle(&found.id, from, to).await?;
        let invitation = settled.ok_or(AcceptInvitationError::NotFound)?;
        let teams = self.join_teams(unit.as_mut(), by, &invitation, now).await?;
        let member = self.join(unit.as_mut(), by, &invitation, now).await?;
        let chosen = (&invitation, teams.as_slice());
        let effects = self.enter(unit.as_mut(), by, chosen, is_remembered).await?;
        unit.commit().await?;

        Ok(Accepted {
            invitation,
            member,
            effects,
        })
    }

    /// Returns an invitation that the caller may accept, and locks its organization.
    async fn acceptable(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        invitation: &InvitationId,
        now: DateTime<Utc>,
    ) -> Result<Invitation, AcceptInvitationError> {
        let found = db.invitations().find(invitation).await?;
        let found = found.filter(|found| found.is_open(now));
        let found = found.ok_or(AcceptInvitationError::NotFound)?;
        self.check_recipient(&found, by.user())?;
        let locked = db.organizations().lock(&found.organization_id).await?;
        locked.ok_or(AcceptInvitationError::NotFound)?;
        self.check_place(db, by, &found).await?;
        Ok(found)
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
                    self.join_team(db, team.id.clone(), &by.user().id, now).await?;
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
    ) -> Result<Member, WriteError> {
        let role = invitation.role.clone();
        let member = Member {
            id: self.random.id(),
            organization_id: invitation.organization_id.clone(),
            user_id: by.user().id.clone(),
            role: role.unwrap_or_else(|| RoleList::of_names([MEMBER])),
            created_at: now,
            additional: self.options.fields.member.defaults(),
        };
        db.members().insert(&member).await
    }

    /// Makes the organization the caller's active one, and the team, if the invitation names only one; the client then
    /// stores the session. A key has no session in which anything is active.
    async fn enter(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        (invitation, teams): (&Invitation, &[TeamId]),
        is_remembered: bool,
    ) -> Result<ClientEffects, AcceptInvitationError> {
        if by.is_by_key() {
            return Ok(SessionEffect::Unchanged.into());
        }
        let organization = invitation.organization_id.as_str();
        let mut values = vec![(ACTIVE_ORGANIZATION_ID, Some(organization))];
        let only_team = match (teams, invitation.team_ids.as_slice()) {
            ([team], [_]) => Some(team),
            _ => None,
        };
        values.extend(only_team.map(|team| (ACTIVE_TEAM_ID, Some(team.as_str()))));
        let session = self.set_session(db, by, &values).await?;
        let session = session.ok_or(AcceptInvitationError::SessionEnded)?;
        Ok(match only_team {
            Some(_) => self.stored(session, by, is_remembered),
            None => SessionEffect::Unchanged.into(),
        })
    }
}
