//! The traits that adapters implement.
//!
//! Conventions of the repositories: a lookup is `find…` and returns an [`Option`]; a list is `list…`; repositories
//! neither make ids nor read clocks, they receive whole domain values. A method that can meet a unique key
//! returns [`WriteError`], every other one [`Failure`]: the signature shows whether a conflict is possible.

use std::sync::Arc;

use crate::clock_check::ClockCheck;

mod account;
mod account_cookie_codec;
mod admin;
mod api_key;
mod authorization_state;
mod captcha;
mod cipher;
mod clock;
mod code;
mod failure;
mod gate;
mod have_i_been_pwned;
mod identity_provider;
mod inbox;
mod jwt;
mod known_address;
mod link_signer;
mod mac;
mod mailer;
mod message;
mod organization;
mod passkey;
mod password_hasher;
mod payload_token;
mod phone_number;
mod queue_wakeup;
mod random;
mod rate_limit;
mod refused_sign_up;
mod session;
mod session_cache_codec;
mod store;
mod two_factor;
mod user;
mod username;
mod verification;
mod write_error;

pub use account::AccountRepository;
#[cfg(any(test, feature = "testing"))]
pub use account::MockAccountRepository;
pub use account_cookie_codec::AccountCookieCodec;
pub use admin::AdminRepository;
#[cfg(any(test, feature = "testing"))]
pub use admin::MockAdminRepository;
#[cfg(any(test, feature = "testing"))]
pub use api_key::MockApiKeyRepository;
pub use api_key::{ApiKeyDigests, ApiKeyRepository};
pub use authorization_state::AuthorizationStateRepository;
#[cfg(any(test, feature = "testing"))]
pub use authorization_state::MockAuthorizationStateRepository;
pub use captcha::CaptchaService;
#[cfg(any(test, feature = "testing"))]
pub use captcha::MockCaptchaService;
pub use cipher::{Cipher, Opened, SealPurpose, Sealed};
pub use clock::Clock;
#[cfg(any(test, feature = "testing"))]
pub use code::MockCodeRepository;
pub use code::{CodeDigests, CodeRepository};
pub use failure::{Failure, FailureKind};
pub use gate::Gate;
pub use have_i_been_pwned::CompromisedPasswords;
#[cfg(any(test, feature = "testing"))]
pub use have_i_been_pwned::MockCompromisedPasswords;
pub use identity_provider::{
    AuthorizationRequest, CodeExchange, IdTokens, IdentityProvider, IdentityProviders, IssuerCheck,
    ProviderError, ProviderPolicy, ProviderTokens, RawTokens, Rejection,
};
pub use inbox::{Inbox, InboxEntry};
#[cfg(any(test, feature = "testing"))]
pub use jwt::MockJwkRepository;
pub use jwt::{JwkRepository, KeyPair, SigningKey, TokenSigner, TokenVerifier, VerifyingKey};
pub use known_address::KnownAddressRepository;
#[cfg(any(test, feature = "testing"))]
pub use known_address::MockKnownAddressRepository;
pub use link_signer::{LinkSigner, LinkTokenError, VerifiedLink};
pub use mac::{Mac, Purpose, TAG_LENGTH, Tag};
#[cfg(any(test, feature = "testing"))]
pub use mailer::MockMailer;
pub use mailer::{Mailer, SendError};
#[cfg(any(test, feature = "testing"))]
pub use message::MockMessageRepository;
pub use message::{MessageRepository, QueuedMessage, Settlement};
pub use organization::{
    InvitationRepository, MemberRepository, OrganizationRepository, OrganizationRoleRepository,
    TeamRepository,
};
#[cfg(any(test, feature = "testing"))]
pub use organization::{
    MockInvitationRepository, MockMemberRepository, MockOrganizationRepository,
    MockOrganizationRoleRepository, MockTeamRepository,
};
#[cfg(any(test, feature = "testing"))]
pub use passkey::MockPasskeyRepository;
pub use passkey::{Assertion, AttestedPasskey, PasskeyRepository, PasskeyVerifier};
#[cfg(any(test, feature = "testing"))]
pub use password_hasher::MockPasswordHasher;
pub use password_hasher::{PasswordHasher, Unverifiable, Verdict};
#[cfg(any(test, feature = "testing"))]
pub use payload_token::MockPayloadTokenRepository;
pub use payload_token::PayloadTokenRepository;
#[cfg(any(test, feature = "testing"))]
pub use phone_number::MockPhoneNumberRepository;
pub use phone_number::PhoneNumberRepository;
pub use queue_wakeup::QueueWakeup;
pub use random::{IdForm, Random, RandomExt};
#[cfg(any(test, feature = "testing"))]
pub use rate_limit::MockRateLimitRepository;
pub use rate_limit::RateLimitRepository;
#[cfg(any(test, feature = "testing"))]
pub use refused_sign_up::MockRefusedSignUpRepository;
pub use refused_sign_up::RefusedSignUpRepository;
#[cfg(any(test, feature = "testing"))]
pub use session::MockSessionRepository;
pub use session::SessionRepository;
pub use session_cache_codec::{CachedSession, Encoding, SessionCacheCodec};
pub use store::{Repositories, Store, StoreState, UnitOfWork};
#[cfg(any(test, feature = "testing"))]
pub use two_factor::MockTwoFactorRepository;
pub use two_factor::{TwoFactorCodes, TwoFactorRepository};
#[cfg(any(test, feature = "testing"))]
pub use user::MockUserRepository;
pub use user::UserRepository;
#[cfg(any(test, feature = "testing"))]
pub use username::MockUsernameRepository;
pub use username::UsernameRepository;
#[cfg(any(test, feature = "testing"))]
pub use verification::MockVerificationRepository;
pub use verification::VerificationRepository;
pub use write_error::{UniqueKey, WriteError};

/// One implementation of each port; cheap to clone. Constructors of use cases take it and keep only what they use.
#[derive(Clone)]
pub struct Ports {
    /// Storage.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids and tokens.
    pub random: Arc<dyn Random>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Signs data that clients store.
    pub mac: Arc<dyn Mac>,
    /// Encrypts stored data.
    pub cipher: Arc<dyn Cipher>,
    /// Signs the links in mails.
    pub link_signer: Arc<dyn LinkSigner>,
    /// Writes accounts of providers into cookies.
    pub account_cookie_codec: Arc<dyn AccountCookieCodec>,
    /// Makes the stored form of API keys.
    pub api_key_digests: Arc<dyn ApiKeyDigests>,
    /// Verifies what authenticators make.
    pub passkey_verifier: Arc<dyn PasskeyVerifier>,
    /// Makes the stored form of codes that are stored hashed.
    pub code_digests: Arc<dyn CodeDigests>,
    /// Writes sessions into cookies.
    pub session_cache_codec: Arc<dyn SessionCacheCodec>,
    /// Creates JWT signing keys.
    pub token_signer: Arc<dyn TokenSigner>,
    /// Verifies the signatures of JWTs.
    pub token_verifier: Arc<dyn TokenVerifier>,
    /// Checks codes of second factors.
    pub two_factor_codes: Arc<dyn TwoFactorCodes>,
    /// Wakes the delivery worker.
    pub queue_wakeup: QueueWakeup,
    /// Whether readiness may report that this server is ready.
    pub gate: Gate,
    /// Compares this machine's clock with the store's.
    pub clock_check: ClockCheck,
}
