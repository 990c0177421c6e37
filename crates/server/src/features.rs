//! Features that a deployment enables or disables.
//!
//! Each list of a seam holds the features that take part in a flow, in the order in which they are asked.

use std::sync::Arc;

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{
    account::FirstProof,
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
    ports::{Failure, Inbox, Ports},
    seams::{
        NewPasswordCheck, NewPasswordChecks, SessionLens, SessionLifetimes, SessionVetoes, SignInObserver,
        TokenInspector, TokenIssuer, UserDefaults, UserDeletionGuards, UserInput, UserInputs,
    },
    session::{SessionCookieCache, SessionRegistry, SessionSeams, Sessions},
    sign_in::{
        AddressSignIn, PasswordSignIn,
        completion::{SignInCompletion, SignInSeams},
    },
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
    email_otp, have_i_been_pwned, introspection, jwt, last_login_method, magic_link, organization, passkey,
    phone_number,
    providers::{self, Providers},
    two_factor, username,
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
        let seams = sign_in_seams(ports, config);
        let completion = Arc::new(SignInCompletion::new(ports, config.session.clone(), seams));
        let credentials = Arc::new(Credentials::new(
            ports,
            config.credentials,
            new_password_checks(config)?,
        ));
        let password_sign_in = PasswordSignIn::new(
            ports,
            Arc::clone(&completion),
            Arc::clone(&credentials),
            config.password_sign_in.clone(),
        );
        let user_inputs = Arc::new(UserInputs::new(ports, user_inputs(config)));
        let users = Arc::new(UserCreation::new(ports, user_defaults(config)));
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
            deletion_guards: deletion_guards(ports, config),
            password_sign_in: Arc::new(password_sign_in),
            session_registry: Arc::new(SessionRegistry::new(ports, session_lenses(config))),
            sessions: Arc::new(Sessions::new(ports, config.session.policy, session_seams(config))),
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
        .with(api_key::keys(ports, config, session_vetoes(config)))
        .with(api_key::headers(config))
        .with(config.bearer)
        .with(captcha::check(config)?)
        .with(providers.development.clone())
        .with(email_otp::use_cases(ports, config, shared))
        .with(config.expo)
        .with(forward_auth(config, token_issuer(jwt.as_ref())))
        .with(generic_oauth(config))
        .with(have_i_been_pwned::check(config)?)
        .with(introspection::of(
            ports,
            config,
            shared,
            token_inspectors(jwt.as_ref()),
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

/// Returns the features that may refuse new passwords.
fn new_password_checks(config: &Config) -> Result<NewPasswordChecks, Failure> {
    let pwned = have_i_been_pwned::check(config)?;
    let pwned = pwned.map(|check| Arc::new(check) as Arc<dyn NewPasswordCheck>);
    Ok(NewPasswordChecks::new(pwned.into_iter().collect()))
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

/// Returns the features that recognize tokens.
fn token_inspectors(jwt: Option<&JwtEndpoints>) -> Arc<[Arc<dyn TokenInspector>]> {
    jwt.map(|endpoints| Arc::new(endpoints.jwt.clone()) as Arc<dyn TokenInspector>)
        .into_iter()
        .collect()
}

fn jwt(ports: &Ports, config: &Config) -> Option<JwtEndpoints> {
    Some(JwtEndpoints {
        jwt: token_maker(ports, config)?,
        jwks_path: config.jwks_path.clone(),
    })
}

/// Returns the feature that issues tokens for other servers.
fn token_issuer(jwt: Option<&JwtEndpoints>) -> Option<Arc<dyn TokenIssuer>> {
    jwt.map(|endpoints| Arc::new(endpoints.jwt.clone()) as Arc<dyn TokenIssuer>)
}

fn forward_auth(config: &Config, issuer: Option<Arc<dyn TokenIssuer>>) -> Option<ForwardAuth> {
    let options = config.forward_auth.clone()?;
    Some(ForwardAuth::new(issuer, options))
}

/// Returns the features that set fields of new users.
fn user_defaults(config: &Config) -> Arc<[Arc<dyn UserDefaults>]> {
    let admin = admin::user_default(config);
    admin
        .into_iter()
        .chain(last_login_method::user_default(config))
        .collect()
}

/// Returns the features that check and change what clients send about users.
fn user_inputs(config: &Config) -> Arc<[Arc<dyn UserInput>]> {
    let usernames = username::input(config);
    usernames.into_iter().chain(phone_number::input(config)).collect()
}

/// Returns the features that hide sessions from their users.
fn session_lenses(config: &Config) -> Arc<[Arc<dyn SessionLens>]> {
    admin::lens(config).into_iter().collect()
}

/// Returns the features that take part in the reading of sessions.
fn session_seams(config: &Config) -> SessionSeams {
    SessionSeams {
        delegated: admin::delegated(config).into_iter().collect(),
        lifetimes: session_lifetimes(config),
        vetoes: session_vetoes(config),
    }
}

/// Returns the features that end sessions.
fn session_vetoes(config: &Config) -> SessionVetoes {
    SessionVetoes::new(admin::veto(config).into_iter().collect())
}

/// Returns the features that limit the lifetime of sessions.
fn session_lifetimes(config: &Config) -> SessionLifetimes {
    SessionLifetimes::new(admin::lifetime(config).into_iter().collect())
}

/// Returns the features that decide whether users may be deleted.
fn deletion_guards(ports: &Ports, config: &Config) -> UserDeletionGuards {
    let admin = admin::deletion_guard(ports, config);
    let owner = organization::deletion_guard(config);
    UserDeletionGuards::new(admin.into_iter().chain(owner).collect())
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
    TRUSTED_DEVICE,
];

/// Returns the columns of users by which enabled features restrict sign-in.
pub(crate) fn enforced_columns(config: &Config) -> Vec<&'static str> {
    let admin = config.admin.as_ref().map(|_options| BANNED);
    let two_factor = config.two_factor.as_ref().map(|_options| TWO_FACTOR_ENABLED);
    admin.into_iter().chain(two_factor).collect()
}

/// Returns the features that take part in sign-ins, in the order in which they are asked.
fn sign_in_seams(ports: &Ports, config: &Config) -> SignInSeams {
    SignInSeams {
        guards: admin::guard(config).into_iter().collect(),
        second_steps: two_factor::step(ports, config).into_iter().collect(),
        session_defaults: Arc::new([]),
        session_lifetimes: session_lifetimes(config),
        first_proof: first_proof(ports, config),
        observers: sign_in_observers(config),
    }
}

/// Returns the features whose credentials end when the owner of an account first proves to own its address.
pub(crate) fn first_proof(ports: &Ports, config: &Config) -> FirstProof {
    let numbers = phone_number::unproven(ports, config);
    let passkeys = passkey::unproven(config);
    let plugins = api_key::unproven(config)
        .into_iter()
        .chain(passkeys)
        .chain(numbers);
    FirstProof::new(plugins.collect())
}

/// Returns the features that take part in completed sign-ins, in the order in which they are called.
fn sign_in_observers(config: &Config) -> Arc<[Arc<dyn SignInObserver>]> {
    let guests = anonymous::observer(config);
    guests
        .into_iter()
        .chain(last_login_method::observer(config))
        .collect()
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
