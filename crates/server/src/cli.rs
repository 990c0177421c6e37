//! The command line.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use portcullis_domain::{
    destination::{Destination, PhoneNumber},
    email::EmailAddress,
};

use crate::{
    command,
    config::{self, Config, DEFAULT_FILE, Inputs, Problems},
    error::Error,
    features::{Rotation, UsersCommand},
    output,
    standard_error::FlushAtEnd,
    telemetry,
};

/// An authentication server that speaks the protocol of Better Auth 1.4.
///
/// Without any configuration, it starts in development mode: it creates a secret and a private PostgreSQL, and
/// listens on this machine only.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Configuration file in TOML [default: portcullis.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Address to listen on: ADDRESS, ADDRESS:PORT or `unix:/PATH`; may be repeated [default: 127.0.0.1]
    #[arg(long, global = true, value_name = "ADDRESS")]
    bind: Vec<String>,

    /// Port to listen on [default: 3000]
    #[arg(long, global = true, value_name = "N")]
    port: Option<u16>,
}

/// The parts of the configuration that the command line gives.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// The configuration file. `None`: the default one.
    pub(crate) file: Option<PathBuf>,
    /// The options that set keys.
    pub(crate) arguments: config::Arguments,
}

impl Sources {
    /// Requires the default file from now on if it exists. Otherwise a reload while the file is missing would silently
    /// drop its settings.
    pub(crate) fn pin_default_file(&mut self) {
        if self.file.is_none() && Path::new(DEFAULT_FILE).exists() {
            self.file = Some(DEFAULT_FILE.into());
        }
    }

    /// Loads the configuration from these sources and the environment.
    pub(crate) fn load(&self) -> Result<Config, Problems> {
        let inputs = Inputs::of_process(self.file.as_deref(), self.arguments.clone(), telemetry::output())?;
        Config::load(&inputs)
    }
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Run the server (default)
    Serve,
    /// Migrate the database to the current schema; remove only the triggers of a session cache that is disabled
    Migrate {
        /// Only print the changes
        #[arg(long)]
        dry_run: bool,
    },
    /// Print a plan to take over a database of Drizzle, Prisma or another version of Better Auth; --apply executes it
    Adopt {
        /// Execute the plan that is printed
        #[arg(long)]
        apply: bool,
        /// Remove what --apply created
        #[arg(long, conflicts_with = "apply")]
        undo: bool,
    },
    /// Check the configuration, the database and message delivery; print how to fix what is wrong
    Check {
        /// Also send a test message to this address
        #[arg(long, value_name = "ADDRESS", conflicts_with = "offline")]
        mail_to: Option<String>,
        /// Also send a test message to this phone number
        #[arg(long, value_name = "NUMBER", conflicts_with = "offline")]
        sms_to: Option<String>,
        /// Check only the configuration, and connect to nothing
        #[arg(long)]
        offline: bool,
    },
    /// Manage the keys that sign JWTs
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Open psql on the database: the configured one, or the private one of development mode
    Psql {
        /// Arguments for psql, such as -c "select 1"
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<OsString>,
    },
    /// Print a new random secret
    Secret,
    /// Manage users: list, show, create, set-role, ban, unban, reset-password, revoke-sessions, delete
    Users {
        #[command(subcommand)]
        command: UsersCommand,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum KeysCommand {
    /// Create a new signing key; older keys stay published for their grace period
    Rotate {
        /// Only publish the new key now; sign with it in six minutes, when caches of the published keys contain it
        #[arg(long)]
        announce: bool,
    },
}

const EXAMPLES: &str = "\
Examples:
  portcullis                            start in development mode at http://localhost:3000/api/auth
  portcullis --port 4400                listen on another port
  portcullis check                      check the configuration, the database and the mail server
  portcullis check --mail-to ADDRESS    also send a test message
  portcullis check --sms-to NUMBER      also send a test message to a phone
  portcullis secret                     print a value for BETTER_AUTH_SECRET
  portcullis psql                       open the database in psql
  portcullis users create ADDRESS --role admin
                                        create the first administrator, with plugins.admin
  portcullis migrate --dry-run          print what `portcullis migrate` would change

Each key of the file has an environment variable: session.expires_in is PORTCULLIS_SESSION__EXPIRES_IN.
These variables also work: DATABASE_URL, BETTER_AUTH_SECRET, BETTER_AUTH_URL,
BETTER_AUTH_TRUSTED_ORIGINS, PORT. A variable with a secret or a URL may be replaced by one with the suffix _FILE,
which names a file that contains the value.";

/// Runs the command that the arguments of this process name. The status is 0 on success, 1 on failure, and 2 if the
/// arguments are invalid.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let _flush_at_end = FlushAtEnd;
    telemetry::log_panics();
    match execute(arguments) {
        Ok(status) => status,
        Err(error) => {
            let text = format!("portcullis: {}", error.with_sources());
            output::print_error(&telemetry::error_for_operator(&text));
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<ExitCode, Error> {
    let sources = Sources {
        file: arguments.config,
        arguments: config::Arguments {
            bind: arguments.bind,
            port: arguments.port,
        },
    };
    let outcome = match arguments.command.unwrap_or(Command::Serve) {
        Command::Psql { arguments } => return command::psql(&sources, &arguments),
        Command::Serve => command::serve(sources),
        Command::Migrate { dry_run: false } => command::migrate(&sources),
        Command::Migrate { dry_run: true } => command::show_migrations(&sources),
        Command::Adopt { undo: true, .. } => command::undo_adoption(&sources),
        Command::Adopt { apply: true, .. } => command::adopt(&sources),
        Command::Adopt { .. } => command::show_adoption(&sources),
        Command::Check { offline: true, .. } => command::check_offline(&sources),
        Command::Check { mail_to, sms_to, .. } => {
            test_messages(mail_to, sms_to).and_then(|to| command::check(&sources, &to))
        }
        Command::Keys {
            command: KeysCommand::Rotate { announce },
        } => {
            let rotation = if announce {
                Rotation::Announced
            } else {
                Rotation::AtOnce
            };
            command::rotate(&sources, rotation)
        }
        Command::Secret => command::secret(),
        Command::Users { command } => command::users(&sources, &command),
    };
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Returns the destinations of the test messages of `portcullis check`.
fn test_messages(mail_to: Option<String>, sms_to: Option<String>) -> Result<Vec<Destination>, Error> {
    let mail_to = mail_to.map(|text| EmailAddress::parse(&text)).transpose();
    let mail_to = mail_to.map_err(|_| Error::MailTo)?.map(Destination::from);
    let sms_to = sms_to.map(|text| PhoneNumber::new(text).into());
    Ok(mail_to.into_iter().chain(sms_to).collect())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_definition_is_valid() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_config_option_is_accepted_before_after_and_without_a_command() {
        for line in [
            "portcullis --config x serve",
            "portcullis serve --config x",
            "portcullis --config x",
        ] {
            let arguments = Arguments::parse_from(line.split(' '));
            assert_eq!(arguments.config, Some("x".into()), "{line}");
        }
    }
}
