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

    #[expect(clippy::too_many_lines, reason = "one line for each section")]
    fn assemble(settings: &mut Settings, inputs: &Inputs) -> Self {
        let bind = address::bind(settings);
        let base_url = address::base_url(settings);
        let mode = mode::read(settings, base_url.as_ref(), &bind);
        let of_features = feature_fields::read(settings);
        let fields = fields::read(settings, of_features);
        let session = session::read(settings, fields.session.clone());
        let mut http = http::read(settings, mode, base_url, &bind, &fields);
        let captcha = captcha::read(settings);
        let have_i_been_pwned = have_i_been_pwned::read(settings);
        http.limits.checks =
            captcha::time(captcha.as_ref()) + have_i_been_pwned::time(have_i_been_pwned.as_ref());
        let last_login_method = last_login_method::read(settings, &mut http.cookies);
        let mut limits = rate_limit::read(settings, mode, &http.base_path);
        let own_limits = magic_link::rate_limits(settings);
        if let Some(requests) = &mut limits.requests {
            requests.custom.extend(own_limits);
        }
        let delivery = delivery::read(settings, mode);
        let credentials = credential::read(settings, mode, limits.failed_sign_ins);
        let messages = &MessageOptions {
            verification_codes: email_otp::instead_of_links(settings),
            ..delivery.messages(&http.base_url, &http.base_path, limits.failed_sign_ins)
        };
        let known_for = limits
            .failed_sign_ins
            .map(|limit| limit.known_for)
            .unwrap_or_default();
        let email_verification = email_verification::read(settings, messages, credentials.refusal_floor);
        let (policy, floor) = (session.policy, credentials.refusal_floor);
        let jwt = jwt::read(settings, &http.base_url, &fields.user);
        let jwks_path = jwt::jwks_path(settings, &http.base_path);
        let audiences = jwt::issued(settings, jwt.as_ref());
        let bearer = bearer::read(settings);
        let issued = (bearer::accepts_unsigned(bearer), jwt::issuer(jwt.as_ref()));
        let password_reset = email_and_password::password_reset(settings, messages);
        let revokes_sessions = password_reset.revokes_sessions;
        let introspection = introspection::read(settings, (&bind, &http.base_url), issued);
        let social = social_providers::read(settings, mode, &fields.user, generic_oauth::names);
        Self {
            mode,
            warnings: Vec::new(),
            bind,
            private_bind: introspection.private_bind,
            service_clients: clients::read(settings, mode),
            introspection: introspection.options,
            secrets: secret::read(settings, mode),
            forward_auth: forward_auth::read(settings, &fields.user, &audiences),
            table_names: tables::read(settings, &fields),
            organization: organization::read(settings, &fields.tables, (mode, &http.base_url)),
            database: database::read(settings, mode, fields),
            password: password::read(settings),
            anonymous: anonymous::read(settings, &http.user_fields),
            admin: admin::read(settings, &http.user_fields, policy.expires_in, revokes_sessions),
            api_key: api_key::read(settings, policy.expires_in),
            session,
            session_cookie_cache: session::cache(settings, policy),
            messages: messages.clone(),
            credentials,
            password_reset,
            rate_limit: limits.requests,
            housekeeping: limits.housekeeping,
            bearer,
            captcha,
            have_i_been_pwned,
            expo: expo::read(settings),
            jwt,
            one_time_token: one_time_token::read(settings, policy.expires_in),
            multi_session: multi_session::read(settings, policy.expires_in),
            last_login_method,
            open_api: open_api::read(settings, mode, &http.base_path, &jwks_path),
            jwks_path,
            passkey: passkey::read(settings, &http),
            phone_number: phone_number::read(settings, messages, revokes_sessions),
            magic_link: magic_link::read(settings),
            two_factor: two_factor::read(settings, messages.is_sending),
            username: username::read(settings),
            sign_up: email_and_password::sign_up(settings, messages, email_otp::on_sign_up(settings)),
            sign_in: email_and_password::sign_in(settings),
            password_sign_in: email_and_password::password_sign_in(settings, messages),
            email_otp: email_otp::read(settings, &email_verification, (known_for, floor)),
            email_verification,
            change_email: user::change_email(settings, policy, messages, floor),
            delete_user: user::delete_user(settings, policy, messages),
            may_unlink_all: account::may_unlink_all(settings),
            generic_oauth: generic_oauth::read(settings, &social.client.allowed_hosts, &http.user_fields),
            one_tap: one_tap::read(settings, &social.providers),
            social,
            delivery,
            log: log::read(settings, inputs.log_output),
            directory: inputs.directory.clone(),
            http,
        }
    }
}
