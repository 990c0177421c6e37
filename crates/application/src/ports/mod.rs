//! Everything that an adapter implements.
//!
//! Conventions of the repositories: a lookup is `find…` and returns an [`Option`]; a list is `list…`; repositories
//! neither make ids nor read clocks, they receive whole domain values. A method that can meet a unique key
//! returns [`WriteError`], every other one [`Failure`]: the signature says whether a conflict is possible.

use std::sync::Arc;

mod account;
mod clock;
mod failure;
mod known_address;
mod mac;
mod password_hasher;
mod random;
mod rate_limit;
mod session;
mod store;
mod user;

pub use account::AccountRepository;
#[cfg(any(test, feature = "testing"))]
pub use account::MockAccountRepository;
pub use clock::Clock;
pub use failure::Failure;
pub use known_address::KnownAddressRepository;
#[cfg(any(test, feature = "testing"))]
pub use known_address::MockKnownAddressRepository;
pub use mac::{Mac, Purpose, TAG_LENGTH, Tag};
#[cfg(any(test, feature = "testing"))]
pub use password_hasher::MockPasswordHasher;
pub use password_hasher::{PasswordHasher, Verdict};
pub use random::{Random, RandomExt};
#[cfg(any(test, feature = "testing"))]
pub use rate_limit::MockRateLimitRepository;
pub use rate_limit::RateLimitRepository;
#[cfg(any(test, feature = "testing"))]
pub use session::MockSessionRepository;
pub use session::SessionRepository;
pub use store::{Repositories, Store, UniqueKey, UnitOfWork, WriteError};
#[cfg(any(test, feature = "testing"))]
pub use user::MockUserRepository;
pub use user::UserRepository;

/// One of each port; cheap to clone. Constructors of use cases take it and keep only what they use.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is stored.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and tokens come from.
    pub random: Arc<dyn Random>,
    /// Who hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Who signs what a client keeps.
    pub mac: Arc<dyn Mac>,
}
