//! Features that a deployment enables or disables.

use std::sync::Arc;

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{
    admin::ADMIN_SESSION,
    anonymous::GUEST,
    client_token::{
        ACCOUNT_DATA, AUTHORIZATION_STATE, EARLIER_AUTHORIZATION_STATE, EARLIER_SEALED_AUTHORIZATION_STATE,
        SEALED_AUTHORIZATION_STATE, TokenKind,
    },
    credential::Credentials,
    forward_auth::ForwardAuth,
    generic_oauth::GenericOAuth,
    housekeeping::Deletion,
    jwt::{Jwt, JwtOptions},
    multi_session::MultiSession,
    one_tap::OneTap,
    one_time_token::OneTimeTokens,
    organization::{roles::OrganizationRoles, teams::Teams},
    passkey::PASSKEY_CHALLENGE,
    password_reset::PasswordReset,
    phone_number::PASSWORD_PROOF,
    ports::{Failure, Inbox, Ports},
    seams::{TokenIssuer, UserDeletionGuards, UserInputs},
    session::{SessionCookieCache, SessionRegistry, Sessions},
    sign_in::{AddressSignIn, PasswordSignIn, completion::SignInCompletion},
    social::Social,
    two_factor::{CHALLENGE, TRUSTED_DEVICE},
    user::UserCreation,
};
use portcullis_domain::{admin::BANNED, two_factor::TWO_FACTOR_ENABLED};
use portcullis_http::{Features, JwtEndpoints, OpenApi};

pub(crate) use crate::admin::{UsersCommand, UsersError, execute as manage_users};
use crate::{
    admin, anonymous, api_key, captcha,
    chore::Chore,
    config::Config,
    email_otp, have_i_been_pwned, introspection, jwt, magic_link, organization, passkey, phone_number,
    providers::{self, Providers},
    seams, two_factor, username,
};

/// What features share with the core.
pub(crate) struct Shared {
    /// Signs users in by proven addresses.
    pub(crate) address_sign_in: Arc<AddressSignIn>,
    /// Completes sign-ins.
    pub(crate) completion: Arc<SignInCompletion>,
    /// Compares and sets passwords.
    pub(crate) credentials: Arc<Credentials>,
    /// Decide whether users may be deleted.
    pub(crate) deletion_guards: UserDeletionGuards,
    /// Resets forgotten passwords.
    pub(crate) password_reset: Arc<PasswordReset>,
    /// Signs users in with their passwords.
    pub(crate) password_sign_in: Arc<PasswordSignIn>,
    /// Lists and revokes sessions.
    pub(crate) session_registry: Arc<SessionRegistry>,
    /// Reads sessions.
    pub(crate) sessions: Arc<Sessions>,
    /// Signs users in with providers.
    pub(crate) social: Arc<Social>,
    /// Checks and changes what clients send about users.
    pub(crate) user_inputs: Arc<UserInputs>,
    /// Creates users.
    pub(crate) users: Arc<UserCreation>,
}

impl Shared {
    /// Creates the objects, with the enabled features in the lists of their seams.
    ///
    /// # Errors
    ///
    /// If a client of services outside of the deployment cannot be set up.
    pub(crate) fn new(ports: &Ports, config: &Config, providers: &Providers) -> Result<Self, Failure> {
        let sign_in_seams = seams::sign_in_seams(ports, config);
        let completion = SignInCompletion::new(ports, config.session.clone(), sign_in_seams);
        let completion = Arc::new(completion);
        let credentials = Arc::new(Credentials::new(
            ports,
            config.credentials,
            seams::new_password_checks(config)?,
        ));
        let password_sign_in = PasswordSignIn::new(
            ports,
            Arc::clone(&completion),
            Arc::clone(&credentials),
            config.password_sign_in.clone(),
        );
        let password_reset = PasswordReset::new(
            ports,
            (Arc::clone(&credentials), seams::first_proof(ports, config)),
            config.password_reset.clone(),
        );
        let user_inputs = Arc::new(UserInputs::new(ports, seams::user_inputs(config)));
        let users = Arc::new(UserCreation::new(ports, seams::user_defaults(config)));
        let address_sign_in = AddressSignIn::new(
            Arc::clone(&users),
            Arc::clone(&completion),
            Arc::clone(&credentials),
            config.http.user_fields.clone(),
        );
        let social = Social::new(
            ports,
            providers.all.clone(),
            Arc::clone(&completion),
            (Arc::clone(&users), Arc::clone(&user_inputs)),
            providers::social_options(config),
        );
        Ok(Self {
            address_sign_in: Arc::new(address_sign_in),
            completion,
            credentials,
            deletion_guards: seams::deletion_guards(ports, config),
            password_reset: Arc::new(password_reset),
            password_sign_in: Arc::new(password_sign_in),
            session_registry: Arc::new(SessionRegistry::new(ports, seams::session_lenses(config))),
            sessions: Arc::new(Sessions::new(
                ports,
                config.session.policy,
                seams::session_seams(config),
            )),
            social: Arc::new(social),
            user_inputs,
            users,
        })
    }
}

/// Returns the enabled features. `inbox` is shown at `/dev/inbox`, unless `dev.inbox` is `false`.
///
/// # Errors
///
/// If a client of services outside of the deployment cannot be set up.
pub(crate) fn enabled(
    ports: &Ports,
    config: &Config,
    (shared, providers): (&Shared, &Providers),
    inbox: Option<Arc<dyn Inbox>>,
) -> Result<Features, Failure> {
    let jwt = jwt(ports, config);
    Ok(Features::default()
        .with(admin::use_cases(ports, config, shared))
        .with(anonymous::use_cases(ports, config, shared))
        .with(anonymous::link(ports, config, shared))
        .with(inbox.filter(|_| config.delivery.shows_inbox))
        .with(api_key::keys(ports, config, seams::session_vetoes(config)))
        .with(api_key::headers(config))
        .with(config.bearer)
        .with(captcha::check(config)?)
        .with(providers.development.clone())
        .with(email_otp::use_cases(ports, config, shared))
        .with(config.expo)
        .with(forward_auth(config, seams::token_issuer(jwt.as_ref())))
        .with(generic_oauth(config))
        .with(have_i_been_pwned::check(config)?)
        .with(introspection::of(
            ports,
            config,
            shared,
            seams::token_inspectors(jwt.as_ref()),
        ))
        .with(jwt)
        .with(multi_session(ports, config, shared))
        .with(magic_link::use_cases(ports, config, shared))
        .with(one_tap(shared, providers))
        .with(one_time_tokens(ports, config, shared))
        .with(config.open_api.as_ref().map(|_options| OpenApi::default()))
        .with(config.open_api.as_ref().and_then(|options| options.page.clone()))
        .with(organization::of(ports, config))
        .with(organization::of(ports, config).and_then(Teams::new))
        .with(organization::of(ports, config).and_then(OrganizationRoles::new))
        .with(passkey::use_cases(ports, config, shared))
        .with(phone_number::use_cases(ports, config, shared))
        .with(two_factor::use_cases(ports, config, shared))
        .with(username::use_cases(ports, config, shared)))
}

fn generic_oauth(config: &Config) -> Option<GenericOAuth> {
    let mut ids = config
        .generic_oauth
        .iter()
        .map(|provider| provider.id.clone())
        .peekable();
    ids.peek()?;
    Some(GenericOAuth::new(ids))
}

fn multi_session(ports: &Ports, config: &Config, shared: &Shared) -> Option<MultiSession> {
    let options = config.multi_session.clone()?;
    Some(MultiSession::new(ports, Arc::clone(&shared.sessions), options))
}

fn one_tap(shared: &Shared, providers: &Providers) -> Option<OneTap> {
    let google = providers.one_tap.clone()?;
    Some(OneTap::new(Arc::clone(&shared.social), google))
}

fn one_time_tokens(ports: &Ports, config: &Config, shared: &Shared) -> Option<OneTimeTokens> {
    let options = config.one_time_token.clone()?;
    Some(OneTimeTokens::new(ports, Arc::clone(&shared.sessions), options))
}

fn jwt(ports: &Ports, config: &Config) -> Option<JwtEndpoints> {
    Some(JwtEndpoints {
        jwt: token_maker(ports, config)?,
        jwks_path: config.jwks_path.clone(),
    })
}

fn forward_auth(config: &Config, issuer: Option<Arc<dyn TokenIssuer>>) -> Option<ForwardAuth> {
    let options = config.forward_auth.clone()?;
    Some(ForwardAuth::new(issuer, options))
}

/// The kinds of tokens that features store on clients, each in a cookie.
pub(crate) const TOKEN_KINDS: &[TokenKind] = &[
    AUTHORIZATION_STATE,
    EARLIER_AUTHORIZATION_STATE,
    SEALED_AUTHORIZATION_STATE,
    EARLIER_SEALED_AUTHORIZATION_STATE,
    ACCOUNT_DATA,
    ADMIN_SESSION,
    GUEST,
    CHALLENGE,
    PASSKEY_CHALLENGE,
    PASSWORD_PROOF,
    TRUSTED_DEVICE,
];

/// Returns the columns of users by which enabled features restrict sign-in.
pub(crate) fn enforced_columns(config: &Config) -> Vec<&'static str> {
    let admin = config.admin.as_ref().map(|_options| BANNED);
    let two_factor = config.two_factor.as_ref().map(|_options| TWO_FACTOR_ENABLED);
    admin.into_iter().chain(two_factor).collect()
}

/// Returns the use case that issues JWTs, or `None` if JWTs are disabled.
pub(crate) fn token_maker(ports: &Ports, config: &Config) -> Option<Jwt> {
    let options = config.jwt.clone()?;
    Some(Jwt::new(ports, options))
}

/// Returns the session cookie cache, or `None` if it is disabled.
pub(crate) fn session_cookie_cache(ports: &Ports, config: &Config) -> Option<SessionCookieCache> {
    let options = config.session_cookie_cache.clone()?;
    Some(SessionCookieCache::new(ports, options))
}

/// Returns the periodic work of the features.
pub(crate) fn chores(enabled: &Features) -> impl Iterator<Item = Chore> {
    let jwt = enabled.get::<JwtEndpoints>();
    jwt.map(|endpoints| jwt::chore(endpoints.jwt.clone())).into_iter()
}

/// Returns what housekeeping deletes for the features.
pub(crate) fn deletions(config: &Config) -> impl Iterator<Item = Deletion> {
    let jwt = config.jwt.as_ref();
    let jwt = jwt.and_then(JwtOptions::deletion);
    jwt.into_iter().chain(api_key::deletion(config))
}
