//! The configuration: built-in defaults, then the file, then the environment, then the options of the command line.
//!
//! Each section has a file, which declares its keys ([`key`]) and turns their values into option types of the crates
//! that use them, which never see the configuration itself. The list of all keys ([`keys`]) is the basis of the
//! reading and of the documentation. All problems are collected and reported at once. To add a key: declare it as a
//! constant in its section's file, add it to the list of keys there, and read it with the same constant.

mod account;
mod address;
mod admin;
mod anonymous;
mod api_key;
mod assemble;
mod audience;
mod bearer;
mod captcha;
mod clients;
mod codes;
mod command_line;
mod compatibility;
mod cookies;
mod credential;
mod database;
mod declare;
mod delivery;
mod domain;
mod email_and_password;
mod email_otp;
mod email_verification;
mod environment;
mod expo;
mod feature_cookies;
mod feature_fields;
mod feature_origins;
mod fields;
mod file;
mod forward_auth;
mod from_value;
mod generic_oauth;
mod have_i_been_pwned;
mod http;
mod inputs;
mod introspection;
mod json;
mod jwt;
mod key;
mod keys;
mod last_login_method;
mod listing;
mod log;
mod magic_link;
mod markdown;
mod mode;
mod multi_session;
mod names;
mod near_miss;
mod one_tap;
mod one_time_token;
mod open_api;
mod organization;
mod outbound;
mod pages;
mod passkey;
mod password;
mod path;
mod phone_number;
mod problem;
mod rate_limit;
mod secret;
mod secret_list;
mod secret_strength;
mod session;
mod session_cache;
mod settings;
mod social_providers;
mod tables;
#[cfg(test)]
mod tests;
mod time;
mod trusted_origins;
mod trusted_proxies;
mod two_factor;
mod unsupported;
mod user;
mod username;
mod value;

use std::path::PathBuf;

use portcullis_application::{
    admin::AdminOptions,
    anonymous::AnonymousOptions,
    change_email::ChangeEmailOptions,
    credential::CredentialOptions,
    delete_user::DeleteUserOptions,
    email_otp::EmailOtpOptions,
    email_verification::EmailVerificationOptions,
    forward_auth::ForwardAuthOptions,
    housekeeping::HousekeepingOptions,
    introspection::IntrospectionOptions,
    jwt::JwtOptions,
    last_login_method::LastLoginOptions,
    magic_link::MagicLinkOptions,
    message::MessageOptions,
    multi_session::MultiSessionOptions,
    one_time_token::OneTimeTokenOptions,
    organization::OrganizationOptions,
    passkey::PasskeyOptions,
    password_reset::PasswordResetOptions,
    phone_number::PhoneNumberOptions,
    rate_limit::RateLimitOptions,
    service_client::ServiceClient,
    session::{SessionCookieCacheOptions, SessionOptions},
    sign_in::{PasswordSignInOptions, SignInOptions},
    sign_up::SignUpOptions,
    two_factor::TwoFactorOptions,
};
use portcullis_crypto::{HasherOptions, Secrets};
use portcullis_domain::username::UsernamePolicy;
use portcullis_http::{BearerOptions, Expo, Listen, Listeners, Options};
use portcullis_oauth::GenericOptions;
use portcullis_persistence::migrations::adoption::Names;

use self::settings::Settings;
pub use self::{
    account::{AccountOptions, StateStorage},
    api_key::ApiKeyConfig,
    captcha::CaptchaConfig,
    database::Database,
    delivery::{Delivery, Hook, Transport},
    have_i_been_pwned::HaveIBeenPwnedConfig,
    inputs::{Arguments, DEFAULT_FILE, File, Inputs},
    listing::{ConfigKey, ConfigKind, config_keys},
    log::{Format, Log, LogOutput},
    markdown::{configuration_markdown, refused_options_markdown},
    mode::Mode,
    one_tap::OneTapOptions,
    open_api::OpenApiOptions,
    problem::{Problem, Problems},
    social_providers::{SocialConfig, SocialProvider},
};

/// A valid configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Development or production.
    pub mode: Mode,
    /// Settings that are valid, but dangerous in production unless they are intended.
    pub warnings: Vec<Problem>,
    /// Addresses to listen on.
    pub bind: Vec<Listen>,
    /// Addresses to listen on for programs that the deployment trusts.
    pub private_bind: Vec<Listen>,
    /// Options of the HTTP server.
    pub http: Options,
    /// The secrets. `None` in development: the program creates its own.
    pub secrets: Option<Secrets>,
    /// The database.
    pub database: Database,
    /// Names of tables and columns that differ from Better Auth's.
    pub table_names: Names,
    /// How passwords are hashed.
    pub password: HasherOptions,
    /// Services that authenticate themselves.
    pub service_clients: Vec<ServiceClient>,
    /// Options of sessions.
    pub session: SessionOptions,
    /// Options of the session cookie cache. `None`: it is disabled.
    pub session_cookie_cache: Option<SessionCookieCacheOptions>,
    /// Options of messages.
    pub messages: MessageOptions,
    /// Options of passwords.
    pub credentials: CredentialOptions,
    /// Options of password resets.
    pub password_reset: PasswordResetOptions,
    /// Options of rate limits. `None`: requests are not limited.
    pub rate_limit: Option<RateLimitOptions>,
    /// How long data is kept that is no longer needed.
    pub housekeeping: HousekeepingOptions,
    /// Options of sign-up.
    pub sign_up: SignUpOptions,
    /// Options of sign-in with an e-mail address.
    pub sign_in: SignInOptions,
    /// Options of sign-in with a password.
    pub password_sign_in: PasswordSignInOptions,
    /// Options of e-mail verification.
    pub email_verification: EmailVerificationOptions,
    /// Options of address changes.
    pub change_email: ChangeEmailOptions,
    /// Options of the deletion of users.
    pub delete_user: DeleteUserOptions,
    /// Whether users may unlink their last account.
    pub may_unlink_all: bool,
    /// Providers with which users sign in.
    pub social: SocialConfig,
    /// Providers that the deployment describes itself.
    pub generic_oauth: Vec<GenericOptions>,
    /// Options of Google One Tap. `None`: it is disabled.
    pub one_tap: Option<OneTapOptions>,
    /// Options of administration. `None`: it is disabled.
    pub admin: Option<AdminOptions>,
    /// Options of guests. `None`: there are none.
    pub anonymous: Option<AnonymousOptions>,
    /// Options of API keys. `None`: there are none.
    pub api_key: Option<ApiKeyConfig>,
    /// Options of bearer tokens. `None`: they are disabled.
    pub bearer: Option<BearerOptions>,
    /// Options of captchas. `None`: they are disabled.
    pub captcha: Option<CaptchaConfig>,
    /// Options of codes by mail. `None`: they are disabled.
    pub email_otp: Option<EmailOtpOptions>,
    /// The support of Expo applications. `None`: it is disabled.
    pub expo: Option<Expo>,
    /// Options of the answers to proxies. `None`: they are disabled.
    pub forward_auth: Option<ForwardAuthOptions>,
    /// Options of the check of new passwords. `None`: they are not checked.
    pub have_i_been_pwned: Option<HaveIBeenPwnedConfig>,
    /// Options of introspection. `None`: it is disabled.
    pub introspection: Option<IntrospectionOptions>,
    /// Options of JWTs. `None`: they are disabled.
    pub jwt: Option<JwtOptions>,
    /// Path of the public keys that verify JWTs, relative to the base path.
    pub jwks_path: String,
    /// Options of one-time tokens that hand sessions over. `None`: they are disabled.
    pub one_time_token: Option<OneTimeTokenOptions>,
    /// Options of several sessions on one device. `None`: a device keeps one session.
    pub multi_session: Option<MultiSessionOptions>,
    /// Options of the method of the last sign-in. `None`: it is not remembered.
    pub last_login_method: Option<LastLoginOptions>,
    /// Options of magic links. `None`: they are disabled.
    pub magic_link: Option<MagicLinkOptions>,
    /// How the routes are described. `None`: they are not.
    pub open_api: Option<OpenApiOptions>,
    /// Options of organizations. `None`: they are disabled.
    pub organization: Option<OrganizationOptions>,
    /// Options of passkeys. `None`: they are disabled.
    pub passkey: Option<PasskeyOptions>,
    /// Second factors. `None`: disabled.
    pub two_factor: Option<TwoFactorOptions>,
    /// Phone numbers. `None`: they are disabled.
    pub phone_number: Option<PhoneNumberOptions>,
    /// The policy of user names. `None`: users have no user names.
    pub username: Option<UsernamePolicy>,
    /// How messages are delivered.
    pub delivery: Delivery,
    /// Options of the log.
    pub log: Log,
    /// The working folder of the program.
    pub directory: PathBuf,
}

impl Config {
    /// Builds the configuration from its inputs.
    ///
    /// # Errors
    ///
    /// Returns all problems at once.
    pub fn load(inputs: &Inputs) -> Result<Self, Problems> {
        let mut settings = Settings::default();
        let is_readable = inputs
            .file
            .as_ref()
            .is_none_or(|file| file::read(file, &mut settings));
        environment::read(inputs, &mut settings);
        command_line::read(&inputs.arguments, &mut settings);
        if !is_readable {
            // Keys that seem to be missing may be in the file that could not be read.
            return Err(settings.into_problems());
        }
        let config = Self::assemble(&mut settings, inputs);
        settings.finish().map(|warnings| Self { warnings, ..config })
    }

    /// Returns the addresses to listen at.
    #[must_use]
    pub fn listeners(&self) -> Listeners<'_> {
        Listeners {
            public: &self.bind,
            private: &self.private_bind,
        }
    }
}
