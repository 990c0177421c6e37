//! Storage as a whole, and the unit of work.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    AccountRepository, Failure, JwkRepository, KnownAddressRepository, MessageRepository,
    RateLimitRepository, RefusedSignUpRepository, SessionRepository, UserRepository, VerificationRepository,
};

/// Where everything is stored.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens the repositories for reading and for single statements, each of which stands alone. No I/O is done
    /// yet, and nothing is held between two calls.
    fn read(&self) -> Box<dyn Repositories>;

    /// Opens a unit of work: what is done in it happens wholly at its commit, or not at all. No I/O is done yet.
    fn begin(&self) -> Box<dyn UnitOfWork>;

    /// Returns the store's own time and whether it accepts writes: a sign of life.
    async fn state(&self) -> Result<StoreState, Failure>;
}

/// What a store reports about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreState {
    /// The time by the store's own clock.
    pub time: DateTime<Utc>,
    /// Whether the store accepts no writes, as a standby or a database in recovery.
    pub is_read_only: bool,
}

/// The roll call of repositories.
pub trait Repositories: Send {
    /// The ways in which users prove who they are.
    fn accounts(&mut self) -> &mut dyn AccountRepository;
    /// The keys that sign JWTs.
    fn jwks(&mut self) -> &mut dyn JwkRepository;
    /// From where users have signed in of late.
    fn known_addresses(&mut self) -> &mut dyn KnownAddressRepository;
    /// What is to be sent.
    fn messages(&mut self) -> &mut dyn MessageRepository;
    /// How often who came.
    fn rate_limits(&mut self) -> &mut dyn RateLimitRepository;
    /// The passwords of refused sign-ups.
    fn refused_sign_ups(&mut self) -> &mut dyn RefusedSignUpRepository;
    /// Who is present where.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Who can sign in.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// What may be shown once.
    fn verifications(&mut self) -> &mut dyn VerificationRepository;
}

/// Repositories whose changes happen together. Dropping it without a commit undoes them all.
///
/// Rows are locked in one order, so that two units never wait for each other: the user (by
/// [`hold`](UserRepository::hold)), one-time secrets, accounts, sessions. A unit that touches one kind of them alone
/// needs no user.
#[async_trait]
pub trait UnitOfWork: Repositories {
    /// Makes every change happen.
    async fn commit(self: Box<Self>) -> Result<(), Failure>;
}

/// A key that only one row may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueKey {
    /// The address of a user.
    UserEmail,
    /// The token of a session.
    SessionToken,
    /// A field that the deployment declares unique.
    AdditionalField,
}

/// Why something was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another row has this key.
    #[error("the key {0:?} is taken")]
    Taken(UniqueKey),
    /// The store could not do it.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl WriteError {
    /// For a caller to whom a taken key is an accident as any other, such as two equal random tokens.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            taken @ Self::Taken(_) => Failure::new(taken),
        }
    }
}
