//! The first proof that a user owns the e-mail address.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{id::AccountId, token::SessionToken, user::User, verification::RevokingEvent};

use crate::{
    ports::{Failure, Repositories, WriteError},
    seams::UnprovenCredential,
    session::end_sessions,
};

/// How a user has proven to own the e-mail address.
#[derive(Clone, Copy, Debug)]
pub enum AddressProof<'a> {
    /// A provider has verified the address, and the user has signed in there with this account.
    Provider(&'a AccountId),
    /// The user has read a message to the address.
    Message,
    /// The user has signed in by a message to the address, without the password.
    MessageSignIn,
}

/// Deletes credentials that another person may have set before the owner of an address first proves to own it.
#[derive(Clone, Default)]
pub struct FirstProof(Arc<[Arc<dyn UnprovenCredential>]>);

impl FirstProof {
    /// Creates the deletion of accounts, and of the credentials of these plugins.
    #[must_use]
    pub fn new(plugins: Arc<[Arc<dyn UnprovenCredential>]>) -> Self {
        Self(plugins)
    }

    /// Deletes the accounts, and the credentials of plugins, with which another person could still sign in, if the address of
    /// `user` was not verified before this proof: an attacker may have created the user with the address of another person.
    /// `user` is the row before the proof, and must be locked.
    pub(crate) async fn delete_credentials(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        if user.email_verified {
            return Ok(());
        }
        for plugin in self.0.iter() {
            plugin.delete(db, user, proof).await?;
        }
        match proof {
            AddressProof::Provider(account) => db.accounts().delete_others(&user.id, account).await,
            AddressProof::Message => db.accounts().delete_provider_accounts(&user.id).await,
            AddressProof::MessageSignIn => {
                for account in db.accounts().list_by_user(&user.id).await? {
                    db.accounts().delete(&account.id).await?;
                }
                Ok(())
            }
        }
    }

    /// Verifies the address of a user who has read a message to it, if it was not verified before. `own_session` is the
    /// user's session in which the proof is presented: all other sessions end. Without `own_session`, also deletes the
    /// accounts at providers and the credentials of plugins. `user` must be locked. `None`: the user was deleted, or
    /// has another address by now.
    pub(crate) async fn prove_by_message(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        own_session: Option<&SessionToken>,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure> {
        if user.email_verified {
            return Ok(Some(user.clone()));
        }
        if own_session.is_none() {
            self.delete_credentials(db, user, AddressProof::Message).await?;
        }
        let (id, email) = (&user.id, &user.email);
        let proven = db.users().set_email(id, email, email, true, now).await;
        end_sessions(db, id, own_session).await?;
        proven.map_err(WriteError::into_failure)
    }

    /// Verifies the address of a user who signs in and has just proven to own it for the first time. Until now, another
    /// person may have chosen the password or linked another account: deletes the credentials, all one-time tokens and
    /// all sessions except `new_session` (GHSA-qq9h-g4jm-xgf3). `None`: the user was deleted, or has another address by
    /// now.
    pub(crate) async fn prove(
        &self,
        db: &mut dyn Repositories,
        (user, proof): (&User, AddressProof<'_>),
        new_session: Option<&SessionToken>,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure> {
        let (id, email) = (&user.id, &user.email);
        self.delete_credentials(db, user, proof).await?;
        let proven = db.users().set_email(id, email, email, true, now).await;
        let Some(proven) = proven.map_err(WriteError::into_failure)? else {
            return Ok(None);
        };
        db.verifications()
            .revoke(RevokingEvent::PasswordChange, id)
            .await?;
        end_sessions(db, id, new_session).await?;
        Ok(Some(proven))
    }
}
