//! The configuration: built-in defaults, then the file, then the environment.
//!
//! One table of keys ([`keys`]) drives the reading and the documentation; each section turns its keys into option
//! types of the crates that use them, which never see the configuration itself. Everything that is wrong is
//! collected and told at once. To add a key: a line in the table, and its section's file reads it.

mod address;
mod database;
mod delivery;
mod email_and_password;
mod environment;
mod file;
mod http;
mod inputs;
mod keys;
mod log;
mod markdown;
mod mode;
mod names;
mod number;
mod password;
mod path;
mod problem;
mod rate_limit;
mod secret;
mod session;
mod settings;
#[cfg(test)]
mod tests;
mod unbuilt;
mod value;

use std::path::PathBuf;

use portcullis_application::{
    housekeeping::HousekeepingOptions, password::PasswordOptions, rate_limit::RateLimitOptions,
    sign_in::SignInOptions, sign_up::SignUpOptions,
};
use portcullis_crypto::HasherOptions;
use portcullis_domain::{secret::Secret, session::SessionPolicy};
use portcullis_http::{Listen, Options};

use self::settings::Settings;
pub use self::{
    database::Database,
    inputs::{File, Inputs},
    log::{Format, Log},
    markdown::configuration_markdown,
    mode::Mode,
    problem::{Problem, Problems},
};

/// A configuration in which everything is right.
#[derive(Clone, Debug)]
pub struct Config {
    /// How careful to be.
    pub mode: Mode,
    /// Where to listen.
    pub bind: Vec<Listen>,
    /// How to answer.
    pub http: Options,
    /// What cookies are signed with; none in development where the program makes its own.
    pub secret: Option<Secret<String>>,
    /// The database.
    pub database: Database,
    /// How passwords are hashed.
    pub password: HasherOptions,
    /// How long sessions live.
    pub session: SessionPolicy,
    /// What passwords people may choose, and how refusals leave.
    pub passwords: PasswordOptions,
    /// How requests are limited; none: not at all.
    pub rate_limit: Option<RateLimitOptions>,
    /// For how long things are kept that are needed no more.
    pub housekeeping: HousekeepingOptions,
    /// How people become users.
    pub sign_up: SignUpOptions,
    /// How people come in.
    pub sign_in: SignInOptions,
    /// What is logged, and how.
    pub log: Log,
    /// The folder in which the program works.
    pub directory: PathBuf,
}

impl Config {
    /// Makes a configuration of what was given.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, at once.
    pub fn load(inputs: &Inputs) -> Result<Self, Problems> {
        let mut settings = Settings::default();
        let is_readable = inputs
            .file
            .as_ref()
            .is_none_or(|file| file::read(file, &mut settings));
        environment::read(&inputs.environment, &mut settings);
        if !is_readable {
            // Whatever is missing may stand in what could not be read.
            return Err(settings.into_problems());
        }
        let config = Self::assemble(&mut settings, inputs);
        settings.finish().map(|()| config)
    }

    fn assemble(settings: &mut Settings, inputs: &Inputs) -> Self {
        let bind = address::bind(settings);
        let base_url = address::base_url(settings);
        let mode = mode::read(settings, base_url.as_ref(), &bind);
        let session = session::read(settings);
        let http = http::read(settings, mode, base_url);
        let limits = rate_limit::read(settings, mode, &http.base_path);
        let (sign_up, sign_in, passwords) =
            email_and_password::read(settings, session, limits.failed_sign_ins);
        delivery::read(settings);
        Self {
            mode,
            bind,
            http,
            secret: secret::read(settings, mode),
            database: database::read(settings, mode),
            password: password::read(settings),
            session,
            passwords,
            rate_limit: limits.requests,
            housekeeping: limits.housekeeping,
            sign_up,
            sign_in,
            log: log::read(settings, inputs.is_terminal),
            directory: inputs.directory.clone(),
        }
    }
}
