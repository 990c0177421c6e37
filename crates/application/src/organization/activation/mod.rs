//! Choice of the active organization.

mod error;
mod selection;

use portcullis_domain::organization::{ACTIVE_ORGANIZATION_ID, Organization, OrganizationId};

pub use self::{error::SetActiveError, selection::Selection};
use super::{Membership, Organizations};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    ports::{Repositories, UnitOfWork},
    session::StrictCaller,
};

/// The active organization after the choice.
#[derive(Debug)]
pub struct Activated {
    /// The organization. `None`: there is none.
    pub organization: Option<Organization>,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

impl Activated {
    fn nothing() -> Self {
        Self {
            organization: None,
            effects: SessionEffect::Unchanged.into(),
        }
    }
}

impl Organizations {
    /// Sets the caller's active organization.
    ///
    /// # Errors
    ///
    /// [`SetActiveError::NotAMember`] also if there is no organization with the id.
    pub async fn set_active(
        &self,
        by: &StrictCaller,
        selection: Selection,
        is_remembered: bool,
    ) -> Result<Activated, SetActiveError> {
        let selection = match (selection, by.session().active_organization()) {
            (Selection::Clear | Selection::Current, None) => return Ok(Activated::nothing()),
            (Selection::Current, Some(active)) => Selection::Id(active),
            (selection, _) => selection,
        };

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(SetActiveError::SessionEnded)?;
        if selection == Selection::Clear {
            let effects = self.commit_active(unit, by, None, is_remembered).await?;
            return Ok(Activated {
                organization: None,
                effects,
            });
        }
        let found = self.find_selected(unit.as_mut(), selection).await?;
        let membership = match found {
            Some(organization) => self.membership_of(unit.as_mut(), by, organization).await?,
            None => None,
        };
        let Some((organization, _)) = membership.map(Membership::into_parts) else {
            self.commit_active(unit, by, None, is_remembered).await?;
            return Err(SetActiveError::NotAMember);
        };
        let active = Some(&organization.id);
        let effects = self.commit_active(unit, by, active, is_remembered).await?;
        Ok(Activated {
            organization: Some(organization),
            effects,
        })
    }

    async fn find_selected(
        &self,
        db: &mut dyn Repositories,
        selection: Selection,
    ) -> Result<Option<Organization>, SetActiveError> {
        match selection {
            Selection::Clear | Selection::Current => Ok(None),
            Selection::Id(id) => Ok(db.organizations().find(&id).await?),
            Selection::Slug(slug) => {
                let found = db.organizations().find_by_slug(&slug).await?;
                found.map(Some).ok_or(SetActiveError::NotFound)
            }
        }
    }

    async fn commit_active(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        by: &StrictCaller,
        active: Option<&OrganizationId>,
        is_remembered: bool,
    ) -> Result<ClientEffects, SetActiveError> {
        let values = [(ACTIVE_ORGANIZATION_ID, active.map(OrganizationId::as_str))];
        let session = self.set_session(unit.as_mut(), by, &values).await?;
        let session = session.ok_or(SetActiveError::SessionEnded)?;
        unit.commit().await?;
        Ok(self.stored(session, by, is_remembered))
    }
}
