//! Following of links.

use portcullis_domain::{
    email::EmailAddress,
    email_verification::LinkRequest,
    message::MessageKind,
    token::OneTimeToken,
    user::User,
    verification::{Proven, RevokingEvent},
};

use super::{EmailVerification, FollowLinkError, LinkMessage, following::Following};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    context::RequestContext,
    message::Requester,
    ports::{LinkTokenError, Repositories, VerifiedLink, WriteError},
    session::StrictCaller,
    sign_in::completion::{Challenge, Outcome, SignInMethod, SigningIn},
};

/// A followed link.
#[derive(Clone, Debug)]
pub struct FollowLink {
    /// The token in the link.
    pub token: OneTimeToken,
    /// The URL to which the next link redirects, if this link causes another one to be sent.
    pub callback: Option<String>,
    /// Whether the session outlives the browser.
    pub remembered: bool,
}

/// The result of following a link.
#[derive(Debug)]
pub enum Verified {
    /// The e-mail address is verified.
    Proven(ClientEffects),
    /// Another link was sent to the new address, unless another user has that address.
    Asked,
    /// The user's e-mail address was changed.
    Changed(Box<User>, ClientEffects),
    /// The link did what it requests. The user must take a second step to be signed in.
    Challenged(Challenge),
}

/// How a link changes what the client stores.
enum LinkSignIn {
    /// It changes this.
    Effects(ClientEffects),
    /// The user must take a second step to be signed in.
    Challenged(Challenge),
}

impl LinkSignIn {
    /// Returns the result of following the link, which is `done` if no second step follows.
    fn verified(self, done: impl FnOnce(ClientEffects) -> Verified) -> Verified {
        match self {
            Self::Effects(effects) => done(effects),
            Self::Challenged(challenge) => Verified::Challenged(challenge),
        }
    }
}

impl From<LinkTokenError> for FollowLinkError {
    fn from(error: LinkTokenError) -> Self {
        match error {
            LinkTokenError::Expired => Self::Expired,
            LinkTokenError::Invalid => Self::Invalid,
        }
    }
}

impl From<WriteError> for FollowLinkError {
    /// Another user has the new address by now. The error does not reveal that.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::Invalid,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl EmailVerification {
    /// Carries out the request of a link, once. Following it again succeeds without effect if the address is already
    /// verified, since mail scanners follow links before users do; it never signs a user in.
    ///
    /// # Errors
    ///
    /// [`FollowLinkError`]; also for a link that was created for an earlier owner of the address.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        command: &FollowLink,
        context: &RequestContext,
    ) -> Result<Verified, FollowLinkError> {
        let now = self.clock.now();
        let genuine = match self.signer.verify(&command.token, now) {
            Err(LinkTokenError::Expired) => {
                self.clock_check.confirm().await?;
                return Err(FollowLinkError::Expired);
            }
            outcome => outcome?,
        };
        let VerifiedLink { link, .. } = &genuine;
        let mut db = self.store.autocommit();
        let user = db.users().find_by_email(&link.email).await?;
        let following = Following {
            command,
            by,
            user: user.ok_or(FollowLinkError::UserNotFound)?,
            genuine: &genuine,
            now,
        };
        match &link.request {
            LinkRequest::Verify => self.prove(following, context).await,
            LinkRequest::ConfirmChange(to) => self.confirm_change(&following, to, db.as_mut()).await,
            LinkRequest::VerifyChange(to) => self.change(following, to, context).await,
        }
    }

    async fn prove(
        &self,
        link: Following<'_>,
        context: &RequestContext,
    ) -> Result<Verified, FollowLinkError> {
        if link.user.email_verified {
            return Ok(Verified::Proven(SessionEffect::Unchanged.into()));
        }
        let (id, email) = (&link.user.id, &link.user.email);
        let mut unit = self.store.begin();
        let before = link.lock_user(unit.as_mut()).await?;
        if before.email_verified {
            return Ok(Verified::Proven(SessionEffect::Unchanged.into()));
        }
        self.consume(unit.as_mut(), &link).await?;
        let proven = unit.users().set_email(id, email, email, true, link.now).await?;
        let proven = proven.ok_or(FollowLinkError::Invalid)?;
        link.end_others(unit.as_mut(), self.completion.first_proof(), &before)
            .await?;
        let outcome = if self.options.auto_sign_in && !link.is_another_user_signed_in() {
            self.sign_in(unit.as_mut(), &link, proven, context).await?
        } else {
            LinkSignIn::Effects(SessionEffect::Unchanged.into())
        };
        unit.commit().await.map_err(FollowLinkError::Failure)?;
        Ok(outcome.verified(Verified::Proven))
    }

    /// Sends a verification link to the new address. If another user has that address by now, nothing is sent, and the
    /// response does not reveal that.
    async fn confirm_change(
        &self,
        link: &Following<'_>,
        to: &EmailAddress,
        db: &mut dyn Repositories,
    ) -> Result<Verified, FollowLinkError> {
        link.reject_other_users()?;
        let wanted = LinkMessage {
            user: &link.user,
            request: LinkRequest::VerifyChange(to.clone()),
            callback: link.command.callback.as_deref(),
            requester: Requester::Stranger,
        };
        let message = self.writer.write(wanted, link.now);
        // Checked before counting: a link that is followed again must not use up the new address's message budget.
        let purpose = link.genuine.link.request.purpose();
        let remembered = db.verifications().find(purpose, &link.command.token).await?;
        if remembered.is_none() && !self.options.accepts_foreign_links {
            return Err(FollowLinkError::Invalid);
        }
        let is_admitted = self.writer.messages.is_within_limits(&message, link.now).await?;
        let mut unit = self.store.begin();
        link.lock_user(unit.as_mut()).await?;
        self.consume(unit.as_mut(), link).await?;
        if is_admitted && unit.users().find_by_email(to).await?.is_none() {
            message.queue(unit.as_mut(), link.now).await?;
        }
        self.writer.messages.commit(unit).await?;
        self.floor.wait(link.now).await;
        Ok(Verified::Asked)
    }

    /// Changes the user's e-mail address. One-time tokens that were sent to the old address are revoked.
    async fn change(
        &self,
        link: Following<'_>,
        to: &EmailAddress,
        context: &RequestContext,
    ) -> Result<Verified, FollowLinkError> {
        link.reject_other_users()?;
        let (id, from) = (&link.user.id, &link.user.email);
        let notice = self
            .writer
            .messages
            .notice(MessageKind::EmailChanged, &link.user, from, link.now);
        let mut unit = self.store.begin();
        let before = link.lock_user(unit.as_mut()).await?;
        self.consume(unit.as_mut(), &link).await?;
        let changed = unit.users().set_email(id, from, to, true, link.now).await?;
        let changed = changed.ok_or(FollowLinkError::Invalid)?;
        unit.verifications()
            .revoke(RevokingEvent::EmailChange, id)
            .await?;
        unit.refused_sign_ups().delete(id).await?;
        link.end_others(unit.as_mut(), self.completion.first_proof(), &before)
            .await?;
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), link.now).await?;
        }
        let outcome = if link.by.is_some() || self.options.auto_sign_in {
            self.sign_in(unit.as_mut(), &link, changed.clone(), context)
                .await?
        } else {
            LinkSignIn::Effects(SessionEffect::Unchanged.into())
        };
        self.writer.messages.commit(unit).await?;
        Ok(outcome.verified(|effects| Verified::Changed(Box::new(changed), effects)))
    }

    /// Keeps the session of a caller who is signed in as the user; otherwise signs the user in.
    async fn sign_in(
        &self,
        db: &mut dyn Repositories,
        link: &Following<'_>,
        user: User,
        context: &RequestContext,
    ) -> Result<LinkSignIn, FollowLinkError> {
        if let Some(own) = link.own_session() {
            let effects = self.completion.stored(own.clone(), user, link.command.remembered);
            return Ok(LinkSignIn::Effects(effects));
        }
        let signing_in = SigningIn {
            user,
            method: SignInMethod::EmailLink,
            context,
            is_remembered: true,
            now: link.now,
        };
        match self.completion.complete(db, signing_in).await? {
            Outcome::Completed(completed) => Ok(LinkSignIn::Effects(completed.effects)),
            Outcome::Challenged(challenge) => Ok(LinkSignIn::Challenged(challenge)),
            Outcome::Refused(refusal) => Err(FollowLinkError::SignInRefused(refusal)),
        }
    }

    /// Checks that the link was created for this user and not followed before, and marks it as followed.
    async fn consume(&self, db: &mut dyn Repositories, link: &Following<'_>) -> Result<(), FollowLinkError> {
        let token = &link.command.token;
        let purpose = link.genuine.link.request.purpose();
        let remembered = db.verifications().consume(purpose, token).await?;
        let is_valid = |proven: &Proven| proven.user_id == link.user.id && proven.is_live(link.now);
        let is_accepted = match &remembered {
            Some(proven) if !is_valid(proven) => false,
            Some(_) if !self.options.accepts_foreign_links => true,
            None if !self.options.accepts_foreign_links || !link.is_certainly_for_its_user() => false,
            // The mark remains when the row is gone: otherwise the link could be used again as a link of another
            // server.
            _ => {
                let until = link.genuine.expires_at;
                db.verifications()
                    .mark_used(purpose, token, until, link.now)
                    .await?
            }
        };
        if is_accepted {
            Ok(())
        } else {
            Err(FollowLinkError::Invalid)
        }
    }
}
