//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{command, error::Error, features::Rotation, output, standard_error::FlushAtEnd, telemetry};

/// An authentication server that speaks Better Auth 1.4.
///
/// Without any configuration it starts for development: with a private PostgreSQL and a secret of its own, for
/// this machine alone.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The configuration file in TOML [default: portcullis.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Run the server; what happens without a command
    Serve,
    /// Bring the database to the current schema; it only ever adds
    Migrate {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what is wrong with the configuration and the database, and how to mend it
    Check {
        /// Send a test message to this address
        #[arg(long, value_name = "ADDRESS")]
        mail_to: Option<String>,
    },
    /// The keys that sign JWTs
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Print a new secret
    Secret,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum KeysCommand {
    /// Make a new key; the old ones are published for their grace period
    Rotate {
        /// Publish it first: it signs in six minutes, when caches of the published keys know it too
        #[arg(long)]
        announce: bool,
    },
}

const EXAMPLES: &str = "\
Examples:
  portcullis                      start for development, at http://localhost:3000/api/auth
  portcullis check                what is wrong, if anything
  portcullis check --mail-to ADDRESS   and whether messages arrive
  portcullis secret               a value for BETTER_AUTH_SECRET
  portcullis migrate --dry-run    what `portcullis migrate` would do to the database

Every key of the file has a variable: session.expires_in is PORTCULLIS_SESSION__EXPIRES_IN.
Better Auth's own are understood too: DATABASE_URL, BETTER_AUTH_SECRET, BETTER_AUTH_URL,
BETTER_AUTH_TRUSTED_ORIGINS.";

/// Runs the command of this process's arguments. The status is 0 where all went well, 1 where it did not, and 2
/// where the arguments themselves are wrong.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let _flush_at_end = FlushAtEnd;
    telemetry::log_panics();
    match execute(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::tell(&format!("portcullis: {}", error.with_sources()));
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: &Arguments) -> Result<(), Error> {
    let file = arguments.config.as_deref();
    match arguments.command.as_ref().unwrap_or(&Command::Serve) {
        Command::Serve => command::serve(file),
        Command::Migrate { dry_run: false } => command::migrate(file),
        Command::Migrate { dry_run: true } => command::show_migrations(file),
        Command::Check { mail_to } => command::check(file, mail_to.as_deref()),
        Command::Keys {
            command: KeysCommand::Rotate { announce },
        } => {
            let rotation = if *announce {
                Rotation::Announced
            } else {
                Rotation::AtOnce
            };
            command::rotate(file, rotation)
        }
        Command::Secret => {
            command::secret();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_file_may_be_named_before_and_after_the_command_and_without_one() {
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
