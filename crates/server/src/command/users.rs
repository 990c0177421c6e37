//! `portcullis users`

use std::io;

use portcullis_application::ports::Gate;
use portcullis_domain::password::Password;

use crate::{
    cli::Sources,
    compose,
    error::Error,
    features::{self, UsersCommand, UsersError},
    output,
};

/// Runs a command of `portcullis users`, and prints the result.
pub(crate) fn users(sources: &Sources, command: &UsersCommand) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let password = password(command)?;
    let (foundation, secrets) = super::prepared(&config)?;
    let report = super::block_on(async {
        let ports = compose::ports(&config, &foundation.url, &secrets, Gate::default());
        let report = features::manage_users((&ports, &config), command, password).await;
        report.map_err(Error::from)
    })?;
    output::print(&report.text(command.is_json()))?;
    foundation.stop()
}

/// Reads the password of a user to create, if the command asks for it.
fn password(command: &UsersCommand) -> Result<Option<Password>, Error> {
    if !command.reads_password() {
        return Ok(None);
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(Error::Input)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(UsersError::NoPassword.into());
    }
    Ok(Some(Password::new(password)))
}
