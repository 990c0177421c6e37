//! Following a link.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    email_verification::LinkRequest,
    message::MessageKind,
    session::Session,
    token::OneTimeSecret,
    user::User,
    verification::{Proven, Purpose},
};

use super::{EmailVerification, LinkRefused, Wanted};
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    message::Requester,
    ports::{Failure, GenuineLink, LinkError, Repositories, WriteError},
    session::StrictCaller,
    sign_in::finish::Entering,
};

/// Somebody follows a link.
#[derive(Clone, Debug)]
pub struct FollowLink {
    /// What stands in the link.
    pub token: OneTimeSecret,
    /// Where the next link is to lead, should this one cause one to be sent.
    pub callback: Option<String>,
    /// Whether the client keeps its session when the browser closes.
    pub remembered: bool,
}

/// What following a link did.
#[derive(Debug)]
pub enum Verified {
    /// The address is proven.
    Proven(SessionEffect),
    /// Another link was sent, to the new address.
    Asked,
    /// The user has another address.
    Changed(Box<User>, SessionEffect),
}

/// A link that may be followed, and by whom.
struct Following<'a> {
    command: &'a FollowLink,
    by: Option<&'a StrictCaller>,
    user: User,
    genuine: &'a GenuineLink,
    now: DateTime<Utc>,
}

impl From<LinkError> for LinkRefused {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Expired => Self::Expired,
            LinkError::Invalid => Self::Invalid,
        }
    }
}

impl From<WriteError> for LinkRefused {
    /// The new address is somebody else's by now: that is told to nobody.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::Invalid,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl EmailVerification {
    /// Does what a link asks for, once. Following it again is fine where there is nothing left to do, so that
    /// whatever looks at mails before people do breaks nothing; it never signs anybody in.
    ///
    /// # Errors
    ///
    /// [`LinkRefused`]; a link that was made for somebody who had the address before is worth nothing.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        command: &FollowLink,
        context: &RequestContext,
    ) -> Result<Verified, LinkRefused> {
        let now = self.clock.now();
        let genuine = match self.signer.verify(&command.token, now) {
            Err(LinkError::Expired) => {
                self.clock_check.confirm().await?;
                return Err(LinkRefused::Expired);
            }
            outcome => outcome?,
        };
        let GenuineLink { link, .. } = &genuine;
        let mut db = self.store.read();
        let user = db.users().find_by_email(&link.email).await?;
        let following = Following {
            command,
            by,
            user: user.ok_or(LinkRefused::UserNotFound)?,
            genuine: &genuine,
            now,
        };
        match &link.request {
            LinkRequest::Verify => self.prove(following, context).await,
            LinkRequest::ConfirmChange(to) => self.confirm_change(&following, to, db.as_mut()).await,
            LinkRequest::VerifyChange(to) => self.change(following, to, context).await,
        }
    }

    async fn prove(&self, link: Following<'_>, context: &RequestContext) -> Result<Verified, LinkRefused> {
        if link.user.email_verified {
            return Ok(Verified::Proven(SessionEffect::None));
        }
        let (id, email) = (&link.user.id, &link.user.email);
        let mut unit = self.store.begin();
        if link.hold(unit.as_mut()).await?.email_verified {
            return Ok(Verified::Proven(SessionEffect::None));
        }
        self.use_up(unit.as_mut(), &link).await?;
        let proven = unit.users().set_email(id, email, email, true, link.now).await?;
        let proven = proven.ok_or(LinkRefused::Invalid)?;
        link.end_other_sessions(unit.as_mut()).await?;
        let effect = if self.options.auto_sign_in && !link.is_another_signed_in() {
            self.sign_in(unit.as_mut(), &link, proven, context).await?
        } else {
            SessionEffect::None
        };
        unit.commit().await.map_err(LinkRefused::Failure)?;
        Ok(Verified::Proven(effect))
    }

    /// Has the new address proven. Where it is somebody's by now nothing is sent there, which nobody is told.
    async fn confirm_change(
        &self,
        link: &Following<'_>,
        to: &EmailAddress,
        db: &mut dyn Repositories,
    ) -> Result<Verified, LinkRefused> {
        link.refuse_somebody_else()?;
        let wanted = Wanted {
            user: &link.user,
            request: LinkRequest::VerifyChange(to.clone()),
            callback: link.command.callback.as_deref(),
            requester: Requester::Stranger,
        };
        let letter = self.writer.write(wanted, link.now);
        // A link that is followed again must not use up what the new address may receive.
        let purpose = link.genuine.link.request.purpose();
        let remembered = db.verifications().find(purpose, &link.command.token).await?;
        if remembered.is_none() && !self.options.shares_links {
            return Err(LinkRefused::Invalid);
        }
        let is_admitted = self.writer.post.admits(&letter, link.now).await?;
        let mut unit = self.store.begin();
        link.hold(unit.as_mut()).await?;
        self.use_up(unit.as_mut(), link).await?;
        if is_admitted && unit.users().find_by_email(to).await?.is_none() {
            letter.queue(unit.as_mut(), link.now).await?;
        }
        self.writer.post.commit(unit).await?;
        self.floor.wait(link.now).await;
        Ok(Verified::Asked)
    }

    /// Gives the user the new address. Whatever was sent to the old one is worth nothing any more.
    async fn change(
        &self,
        link: Following<'_>,
        to: &EmailAddress,
        context: &RequestContext,
    ) -> Result<Verified, LinkRefused> {
        link.refuse_somebody_else()?;
        let (id, from) = (&link.user.id, &link.user.email);
        let notice = self
            .writer
            .post
            .notice(MessageKind::EmailChanged, &link.user, from, link.now);
        let mut unit = self.store.begin();
        link.hold(unit.as_mut()).await?;
        self.use_up(unit.as_mut(), &link).await?;
        let changed = unit.users().set_email(id, from, to, true, link.now).await?;
        let changed = changed.ok_or(LinkRefused::Invalid)?;
        unit.verifications().delete_by_user(&Purpose::ALL, id).await?;
        unit.refused_sign_ups().delete(id).await?;
        link.end_other_sessions(unit.as_mut()).await?;
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), link.now).await?;
        }
        let effect = if link.by.is_some() || self.options.auto_sign_in {
            self.sign_in(unit.as_mut(), &link, changed.clone(), context)
                .await?
        } else {
            SessionEffect::None
        };
        self.writer.post.commit(unit).await?;
        Ok(Verified::Changed(Box::new(changed), effect))
    }

    /// Whoever is signed in as the user stays so; anybody else comes in as the user.
    async fn sign_in(
        &self,
        db: &mut dyn Repositories,
        link: &Following<'_>,
        user: User,
        context: &RequestContext,
    ) -> Result<SessionEffect, LinkRefused> {
        let remembered = link.command.remembered;
        if let Some(own) = link.own_session() {
            let lifetime = remembered.then_some(self.options.session.policy.expires_in);
            return Ok(SessionEffect::keep(own.clone(), user, lifetime));
        }
        let entering = Entering {
            user,
            context,
            remembered: true,
            now: link.now,
        };
        Ok(self.door.enter(db, entering).await?.effect)
    }

    /// The link was made for this user and was not followed before; from now on it was.
    async fn use_up(&self, db: &mut dyn Repositories, link: &Following<'_>) -> Result<(), LinkRefused> {
        let token = &link.command.token;
        let purpose = link.genuine.link.request.purpose();
        let remembered = db.verifications().consume(purpose, token).await?;
        let is_mine = |proven: &Proven| proven.user_id == link.user.id && proven.is_live(link.now);
        let is_good = match &remembered {
            Some(proven) if !is_mine(proven) => false,
            Some(_) if !self.options.shares_links => true,
            None if !self.options.shares_links || !link.is_surely_of_its_user() => false,
            // The mark keeps a link from being taken, without its row, for one of another server.
            _ => {
                let until = link.genuine.expires_at;
                db.verifications().claim(purpose, token, until, link.now).await?
            }
        };
        if is_good {
            Ok(())
        } else {
            Err(LinkRefused::Invalid)
        }
    }
}

impl Following<'_> {
    /// The user as they are now, whom nobody changes before the unit of work ends.
    async fn hold(&self, db: &mut dyn Repositories) -> Result<User, LinkRefused> {
        let held = db.users().hold(&self.user.id).await?;
        held.filter(|held| held.email == self.user.email)
            .ok_or(LinkRefused::Invalid)
    }

    /// Whether a link that names its user by address only was made for the user who has the address now. That is so if
    /// the user was not changed since. A change of the address takes the user's own session as well: an earlier owner
    /// of the address may have made the link.
    fn is_surely_of_its_user(&self) -> bool {
        let is_unchanged = self.user.updated_at.timestamp() <= self.genuine.issued_at.timestamp();
        let changes_address = self.genuine.link.request != LinkRequest::Verify;
        is_unchanged && (!changes_address || self.own_session().is_some())
    }

    /// The session of the link's user in which the link is followed.
    fn own_session(&self) -> Option<&Session> {
        let by = self.by.filter(|by| by.user().id == self.user.id)?;
        Some(by.session())
    }

    /// Whether another user is signed in where the link is followed, whose session a link must not replace.
    fn is_another_signed_in(&self) -> bool {
        self.by.is_some_and(|by| by.user().id != self.user.id)
    }

    /// Ends what began before the address was proven, except the session in which the link is followed: it may be an
    /// attacker's who signed up with the address of another.
    async fn end_other_sessions(&self, db: &mut dyn Repositories) -> Result<(), Failure> {
        let id = &self.user.id;
        db.known_addresses().delete_by_user(id).await?;
        db.verifications()
            .delete_by_user(&Purpose::OF_SESSIONS, id)
            .await?;
        match self.own_session() {
            Some(own) => db.sessions().delete_others_of_user(id, &own.token).await,
            None => db.sessions().delete_by_user(id).await,
        }
    }

    fn refuse_somebody_else(&self) -> Result<(), LinkRefused> {
        match self.by {
            Some(by) if by.user().id != self.user.id => Err(LinkRefused::Unauthorized),
            _ => Ok(()),
        }
    }
}
