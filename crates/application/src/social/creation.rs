//! Creation of users from profiles, and changes of users by profiles.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::{AdditionalFields, FieldDefinition, FieldSchema},
    email::EmailAddress,
    email_verification::LinkRequest,
    message::MessageKind,
    social::Profile,
    user::{NewUser, User, UserPatch},
};
use serde_json::{Map, Value};

use super::{IdentityError, SocialOptions};
use crate::{
    email_verification::{LinkMessage, LinkMessageWriter},
    message::{Requester, SealedMessage, SealedTokenMessage},
    ports::{Failure, Ports, Repositories, UnitOfWork},
    seams::{Decision, UserInputs, UserOperation},
    sign_in::completion::SignInMethod,
    user::UserCreation,
};

/// Creates users from profiles.
pub(super) struct Creation {
    users: Arc<UserCreation>,
    inputs: Arc<UserInputs>,
    writer: LinkMessageWriter,
    fields: FieldSchema,
    sends_verification_link: bool,
}

impl Creation {
    pub(super) fn new(
        ports: &Ports,
        users: Arc<UserCreation>,
        inputs: Arc<UserInputs>,
        options: &SocialOptions,
    ) -> Self {
        Self {
            users,
            inputs,
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.link_expires_in),
            fields: options.fields.clone(),
            sends_verification_link: options.sends_verification_link,
        }
    }

    /// Returns a new user with the data of the profile. If the profile has no name, its address is the name.
    pub(super) async fn user(
        &self,
        profile: &Profile,
        email: &EmailAddress,
        method: &SignInMethod,
        now: DateTime<Utc>,
    ) -> Result<User, IdentityError> {
        let sent = self.sent(profile, UserOperation::Create).await?;
        let additional = self.fields.create(&sent);
        let new = NewUser {
            name: profile.name.clone().unwrap_or_else(|| email.as_str().to_owned()),
            email: email.clone(),
            email_verified: profile.email_verified,
            image: profile.image.clone(),
            additional: additional.map_err(|_errors| IdentityError::UnableToCreateUser)?,
        };
        Ok(self.users.create(new, Some(method), now))
    }

    /// Returns the changes by which the user gets the data of the profile. A field whose value is not valid is unchanged.
    pub(super) async fn patch(&self, profile: &Profile) -> Result<UserPatch, IdentityError> {
        let sent = self.sent(profile, UserOperation::Update).await?;
        Ok(UserPatch {
            name: profile.name.clone(),
            image: profile.image.clone().map(Some),
            additional: self
                .fields
                .update(&sent)
                .unwrap_or_else(|_errors| AdditionalFields::default()),
        })
    }

    /// Returns whether a new user gets a message with which the user verifies the address.
    pub(super) fn may_send_to(&self, user: &User) -> bool {
        !user.email_verified
            && is_address(&user.email)
            && self.sends_verification_link
            && self.writer.messages.options.is_sending
    }

    /// Returns the message with which a new user verifies the address, if the limits allow it. The user gets one by
    /// [`Self::may_send_to`].
    pub(super) async fn message(
        &self,
        user: &User,
        callback: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<SealedTokenMessage>, Failure> {
        let wanted = LinkMessage {
            user,
            request: LinkRequest::Verify,
            callback,
            requester: Requester::NewUser,
        };
        let message = self.writer.write(wanted, now);
        let is_admitted = self.writer.messages.is_within_limits(&message, now).await?;
        Ok(is_admitted.then_some(message))
    }

    /// Writes a notice of a change to the user's address, or returns `None` if notices are off.
    pub(super) fn notice(&self, kind: MessageKind, user: &User, now: DateTime<Utc>) -> Option<SealedMessage> {
        if !is_address(&user.email) {
            return None;
        }
        self.writer.messages.notice(kind, user, &user.email, now)
    }

    /// Queues a message.
    pub(super) async fn queue(
        &self,
        db: &mut dyn Repositories,
        message: Option<SealedTokenMessage>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        match message {
            Some(message) => message.queue(db, now).await,
            None => Ok(()),
        }
    }

    /// Commits, and wakes the delivery worker.
    pub(super) async fn commit(&self, unit: Box<dyn UnitOfWork>) -> Result<(), Failure> {
        self.writer.messages.commit(unit).await
    }

    /// Returns the values of declared fields in a profile. Only fields that clients may set are taken, since users choose
    /// what is in their profiles.
    async fn sent(
        &self,
        profile: &Profile,
        operation: UserOperation,
    ) -> Result<Map<String, Value>, IdentityError> {
        let may_be_set = |field: &FieldDefinition| field.is_input;
        let fields = self.fields.writable(may_be_set);
        let is_declared = |name: &str| {
            fields
                .fields()
                .iter()
                .any(|field| field.is_input && field.name == name)
        };
        let values = profile.additional.iter();
        let mut sent: Map<String, Value> = values
            .filter(|(name, _)| is_declared(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if sent.is_empty() {
            return Ok(sent);
        }
        match self.inputs.prepare(&mut sent, operation).await? {
            Decision::Allowed => Ok(sent),
            Decision::Refused(refusal) => Err(IdentityError::Refused(refusal)),
        }
    }
}

/// Whether a user's address, which is any text in a profile, is an e-mail address.
fn is_address(email: &EmailAddress) -> bool {
    EmailAddress::parse(email.as_str()).is_ok()
}
