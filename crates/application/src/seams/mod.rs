//! Traits by which plugins take part in core flows. Each has one method. The core calls a list of implementations, in the
//! order in which the list was built, and does not depend on which plugins are in it.

mod decision;
mod delegated_session;
mod new_password_check;
mod second_step;
mod session_defaults;
mod session_guard;
mod session_lens;
mod session_lifetime;
mod session_veto;
mod sign_in_observer;
mod token_inspector;
mod token_issuer;
mod unproven_credential;
mod user_defaults;
mod user_deletion_guard;
mod user_input;

pub use self::{
    decision::{Decision, Refusal},
    delegated_session::DelegatedSession,
    new_password_check::{NewPasswordCheck, NewPasswordChecks, PasswordSource},
    second_step::{SecondStep, Step},
    session_defaults::SessionDefaults,
    session_guard::SessionGuard,
    session_lens::SessionLens,
    session_lifetime::{SessionLifetime, SessionLifetimes},
    session_veto::{SessionVeto, SessionVetoes},
    sign_in_observer::SignInObserver,
    token_inspector::{InspectedToken, TokenInspector},
    token_issuer::TokenIssuer,
    unproven_credential::UnprovenCredential,
    user_defaults::UserDefaults,
    user_deletion_guard::{DeletionCause, DeletionError, UserDeletionGuard, UserDeletionGuards},
    user_input::{UserInput, UserInputs, UserOperation},
};
