//! The first proof that a user owns the e-mail address.

use portcullis_domain::{id::AccountId, user::User};

use crate::ports::{Failure, Repositories};

/// How a user has proven to own the e-mail address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AddressProof<'a> {
    /// A provider has verified the address, and the user has signed in there with this account.
    Provider(&'a AccountId),
    /// The user has read a message to the address.
    Message,
}

/// Deletes the accounts with which another person could still sign in, if the address of `user` was not verified before
/// this proof: an attacker may have created the user, with the address of another person, by an account at a provider that
/// verifies no addresses. `user` is the row before the proof, and must be locked.
pub(crate) async fn delete_unproven_accounts(
    db: &mut dyn Repositories,
    user: &User,
    proof: AddressProof<'_>,
) -> Result<(), Failure> {
    if user.email_verified {
        return Ok(());
    }
    match proof {
        AddressProof::Provider(account) => db.accounts().delete_others(&user.id, account).await,
        AddressProof::Message => db.accounts().delete_provider_accounts(&user.id).await,
    }
}
