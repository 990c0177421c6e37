//! The seams of the core flows: each list holds the features that take part in a flow, in the order in which they are asked.

use std::sync::Arc;

use portcullis_application::{
    account::FirstProof,
    ports::{Failure, Ports},
    seams::{
        NewPasswordCheck, NewPasswordChecks, SessionLens, SessionLifetimes, SessionVetoes, SignInObserver,
        TokenInspector, TokenIssuer, UserDefaults, UserDeletionGuards, UserInput,
    },
    session::SessionSeams,
    sign_in::completion::SignInSeams,
};
use portcullis_http::JwtEndpoints;

use crate::{
    admin, anonymous, api_key, config::Config, have_i_been_pwned, last_login_method, organization, passkey,
    phone_number, two_factor, username,
};

/// Returns the features that may refuse new passwords.
pub(crate) fn new_password_checks(config: &Config) -> Result<NewPasswordChecks, Failure> {
    let pwned = have_i_been_pwned::check(config)?;
    let pwned = pwned.map(|check| Arc::new(check) as Arc<dyn NewPasswordCheck>);
    Ok(NewPasswordChecks::new(pwned.into_iter().collect()))
}

/// Returns the features that recognize tokens.
pub(crate) fn token_inspectors(jwt: Option<&JwtEndpoints>) -> Arc<[Arc<dyn TokenInspector>]> {
    jwt.map(|endpoints| Arc::new(endpoints.jwt.clone()) as Arc<dyn TokenInspector>)
        .into_iter()
        .collect()
}

/// Returns the feature that issues tokens for other servers.
pub(crate) fn token_issuer(jwt: Option<&JwtEndpoints>) -> Option<Arc<dyn TokenIssuer>> {
    jwt.map(|endpoints| Arc::new(endpoints.jwt.clone()) as Arc<dyn TokenIssuer>)
}

/// Returns the features that set fields of new users.
pub(crate) fn user_defaults(config: &Config) -> Arc<[Arc<dyn UserDefaults>]> {
    let admin = admin::user_default(config);
    admin
        .into_iter()
        .chain(last_login_method::user_default(config))
        .collect()
}

/// Returns the features that check and change what clients send about users.
pub(crate) fn user_inputs(config: &Config) -> Arc<[Arc<dyn UserInput>]> {
    let usernames = username::input(config);
    usernames.into_iter().chain(phone_number::input(config)).collect()
}

/// Returns the features that hide sessions from their users.
pub(crate) fn session_lenses(config: &Config) -> Arc<[Arc<dyn SessionLens>]> {
    admin::lens(config).into_iter().collect()
}

/// Returns the features that take part in the reading of sessions.
pub(crate) fn session_seams(config: &Config) -> SessionSeams {
    SessionSeams {
        delegated: admin::delegated(config).into_iter().collect(),
        lifetimes: session_lifetimes(config),
        vetoes: session_vetoes(config),
    }
}

/// Returns the features that end sessions.
pub(crate) fn session_vetoes(config: &Config) -> SessionVetoes {
    SessionVetoes::new(admin::veto(config).into_iter().collect())
}

/// Returns the features that limit the lifetime of sessions.
pub(crate) fn session_lifetimes(config: &Config) -> SessionLifetimes {
    SessionLifetimes::new(admin::lifetime(config).into_iter().collect())
}

/// Returns the features that decide whether users may be deleted.
pub(crate) fn deletion_guards(ports: &Ports, config: &Config) -> UserDeletionGuards {
    let admin = admin::deletion_guard(ports, config);
    let owner = organization::deletion_guard(config);
    let guards = admin.into_iter().chain(owner);
    let guards = guards.chain(passkey::deletion_guard(config));
    UserDeletionGuards::new(guards.chain(phone_number::deletion_guard(config)).collect())
}

/// Returns the features that take part in sign-ins, in the order in which they are asked.
pub(crate) fn sign_in_seams(ports: &Ports, config: &Config) -> SignInSeams {
    SignInSeams {
        guards: admin::guard(config).into_iter().collect(),
        second_steps: two_factor::step(ports, config).into_iter().collect(),
        session_defaults: Arc::new([]),
        session_lifetimes: session_lifetimes(config),
        first_proof: first_proof(ports, config),
        observers: sign_in_observers(config),
    }
}

/// Returns the features whose credentials are deleted when a user first proves to own the address of an account.
pub(crate) fn first_proof(ports: &Ports, config: &Config) -> FirstProof {
    let numbers = phone_number::unproven(ports, config);
    let passkeys = passkey::unproven(config);
    let plugins = api_key::unproven(config)
        .into_iter()
        .chain(passkeys)
        .chain(numbers)
        .chain(two_factor::unproven(ports, config));
    FirstProof::new(plugins.collect())
}

/// Returns the features that take part in completed sign-ins, in the order in which they are called.
pub(crate) fn sign_in_observers(config: &Config) -> Arc<[Arc<dyn SignInObserver>]> {
    let guests = anonymous::observer(config);
    guests
        .into_iter()
        .chain(last_login_method::observer(config))
        .collect()
}
