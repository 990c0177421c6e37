//! User names: their use cases, and the rules for what clients send.

use std::sync::Arc;

use portcullis_application::{
    ports::Ports,
    seams::UserInput,
    username::{UsernameInput, Usernames},
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if user names are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<Usernames> {
    let policy = config.username.clone()?;
    Some(Usernames::new(
        ports,
        Arc::clone(&shared.password_sign_in),
        policy,
    ))
}

/// Returns what checks and normalises user names that clients send.
pub(crate) fn input(config: &Config) -> Option<Arc<dyn UserInput>> {
    Some(Arc::new(UsernameInput::new(config.username.clone()?)))
}
