//! The message that sends an invitation.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    message::{Content, InvitationContent, MessageKind, Recipient},
    organization::{Invitation, OrganizationId, permission},
};

use super::super::{Membership, Organizations};
use crate::{
    message::{MessageDraft, Requester},
    ports::{Failure, Repositories},
    session::StrictCaller,
};

impl Organizations {
    /// Counts the message of an invitation to the address, and returns whether it may be sent. It is not counted for a caller
    /// who may not invite, so that strangers cannot use up the address's budget.
    pub(super) async fn may_send_invitation(
        &self,
        by: &StrictCaller,
        organization: &OrganizationId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if !self.messages.options.is_sending {
            return Ok(false);
        }
        let mut db = self.store.autocommit();
        let membership = self.membership(db.as_mut(), by, organization).await?;
        if !membership.is_some_and(|membership| membership.may(permission::CREATE_INVITATION)) {
            return Ok(false);
        }
        let to = (email, Requester::Stranger);
        self.messages.may_send(MessageKind::Invitation, to, now).await
    }

    /// Queues the message of an invitation.
    pub(super) async fn queue_invitation(
        &self,
        db: &mut dyn Repositories,
        membership: &Membership<'_>,
        invitation: &Invitation,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let content = self.invitation_content(membership, invitation);
        let draft = MessageDraft {
            kind: MessageKind::Invitation,
            to: &invitation.email,
            user: None,
            content: Content::Invitation(Box::new(content)),
            purpose: None,
            expires_at: Some(invitation.expires_at),
            requester: Requester::Stranger,
        };
        self.messages.write(draft, now).queue(db, now).await
    }

    fn invitation_content(&self, membership: &Membership<'_>, invitation: &Invitation) -> InvitationContent {
        let (organization, inviter) = (membership.organization(), membership.caller().user());
        let links = &self.messages.options.links;
        let link = links.invitation(self.options.invitation_url.as_ref(), invitation.id.as_str());
        InvitationContent {
            link,
            role: invitation
                .role
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            organization_id: organization.id.as_str().to_owned(),
            organization_name: organization.name.clone(),
            organization_slug: organization.slug.clone(),
            inviter: Recipient {
                id: inviter.id.clone(),
                email: inviter.email.clone(),
                name: inviter.name.clone(),
            },
        }
    }
}
