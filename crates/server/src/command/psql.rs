//! `portcullis psql`

use std::{
    ffi::OsString,
    io::ErrorKind,
    path::PathBuf,
    process::{Command, ExitCode, ExitStatus},
};

use portcullis_cluster::{Programs, search_path};
use portcullis_persistence::DatabaseUrl;
use tokio::signal::unix::{SignalKind, signal};

use crate::{cli::Sources, error::Error, foundation::Foundation};

/// Opens the database in `psql` with these additional arguments, and returns its exit status.
pub(crate) fn psql(sources: &Sources, arguments: &[OsString]) -> Result<ExitCode, Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::prepare(&config)?;
    let outcome = super::block_on(async { run(&foundation.url, arguments) });
    foundation.stop()?;
    let code = outcome?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Must be called within a runtime.
fn run(url: &DatabaseUrl, arguments: &[OsString]) -> Result<ExitStatus, Error> {
    // Ctrl-C cancels a statement in psql and must not end this process, which stops the private PostgreSQL.
    let _interrupts = signal(SignalKind::interrupt()).map_err(Error::Run)?;
    let (url, password) = url.without_password();
    let mut command = Command::new(program());
    command.arg(format!("--dbname={url}")).args(arguments);
    if let Some(password) = password {
        command.env("PGPASSWORD", password.expose());
    }
    command.status().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::NoPsql,
        _ => Error::Psql(error),
    })
}

fn program() -> PathBuf {
    let programs = Programs::find(search_path().as_deref());
    programs.map_or_else(|_| PathBuf::from("psql"), |programs| programs.psql())
}
