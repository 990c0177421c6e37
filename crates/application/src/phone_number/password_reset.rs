//! Reset of a forgotten password by a code that was sent to a phone.

use portcullis_domain::{
    code::PhoneCode,
    destination::PhoneNumber,
    message::MessageKind,
    password::{Password, PasswordHash},
    phone_number::{has_number, is_verified},
    user::User,
};

use super::{PhoneNumbers, PhonePasswordResetError, sending::key};
use crate::{
    context::RequestContext,
    ports::{Failure, UnitOfWork},
    seams::PasswordSource,
    session::end_sessions,
};

impl PhoneNumbers {
    /// Sets a new password for the user who has proven this number, and creates a credential account if there is none. A
    /// user who has only claimed the number is not found: the number may be another person's. Of several concurrent requests
    /// with one code, one succeeds.
    ///
    /// # Errors
    ///
    /// [`PhonePasswordResetError::Password`] does not use up the code.
    pub async fn reset_password(
        &self,
        number: &PhoneNumber,
        code: &str,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PhonePasswordResetError> {
        let (key, now) = (key(PhoneCode::PasswordReset, number), self.clock.now());
        let right = self.codes.check(&key, code, context, now).await?;
        let credentials = &self.shared.credentials;
        let accepted = self.accept(number, password).await;
        if accepted.is_err() {
            self.codes.restore(&key, &right, context).await?;
        }
        let (user, hash) = accepted?;

        let mut unit = self.store.begin();
        let locked = unit.users().lock(&user.id).await?;
        let user = locked.filter(|user| is_owner(user, number));
        let user = user.ok_or(PhonePasswordResetError::UnknownNumber)?;
        self.codes.consume(unit.as_mut(), &key, &right, context).await?;
        let now = self.clock.now();
        credentials
            .set_password(unit.as_mut(), &user.id, hash, now)
            .await?;
        if self.options.revokes_sessions {
            end_sessions(unit.as_mut(), &user.id, None).await?;
        }
        credentials
            .attempts()
            .reset(unit.as_mut(), &user, context, now)
            .await?;
        self.notify(unit.as_mut(), &user).await?;
        Ok(self.messages.commit(unit).await?)
    }

    /// Returns the user who has proven this number, and the hash of the new password.
    async fn accept(
        &self,
        number: &PhoneNumber,
        password: &Password,
    ) -> Result<(User, PasswordHash), PhonePasswordResetError> {
        let user = self.owner(number).await?;
        let credentials = &self.shared.credentials;
        credentials.check_new(password)?;
        let hash = credentials
            .hash(password, PasswordSource::ResetByPhoneCode)
            .await?;
        Ok((user, hash))
    }

    async fn owner(&self, number: &PhoneNumber) -> Result<User, PhonePasswordResetError> {
        let user = self.store.autocommit().phone_numbers().find_user(number).await?;
        let owner = user.filter(|user| is_owner(user, number));
        owner.ok_or(PhonePasswordResetError::UnknownNumber)
    }

    /// Reports the change to the e-mail address, unless it was never proven: it may be a temporary one.
    async fn notify(&self, unit: &mut dyn UnitOfWork, user: &User) -> Result<(), Failure> {
        let now = self.clock.now();
        let kind = MessageKind::PasswordChanged;
        let notice = self.messages.notice(kind, user, &user.email, now);
        match notice.filter(|_notice| user.email_verified) {
            Some(notice) => notice.queue(unit, now).await,
            None => Ok(()),
        }
    }
}

fn is_owner(user: &User, number: &PhoneNumber) -> bool {
    has_number(user, number) && is_verified(user)
}
