//! The sources of a configuration.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use super::{
    environment::{QUOTED, has_quotes, names_a_file},
    log::LogOutput,
    problem::{Place, Problem, Problems},
};

/// The file that is read if none is named.
pub const DEFAULT_FILE: &str = "portcullis.toml";

/// A configuration file: its name for messages, and its text.
#[derive(Clone, Debug)]
pub struct File {
    /// The name as it was given.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Options of the command line that set keys.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Replaces `bind`, unless it is empty.
    pub bind: Vec<String>,
    /// Replaces `port` and the ports in `bind`.
    pub port: Option<u16>,
}

/// Everything that a configuration is made from. Nothing else is read.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// The content of each file that a variable with the suffix `_FILE` names, or why it cannot be read, by the whole
    /// name of the variable.
    pub variable_files: BTreeMap<String, Result<String, String>>,
    /// The options of the command line.
    pub arguments: Arguments,
    /// The file, if there is one.
    pub file: Option<File>,
    /// The working folder of the program, in which `.portcullis` is created.
    pub directory: PathBuf,
    /// What reads the log.
    pub log_output: LogOutput,
}

impl Inputs {
    /// Returns the inputs of this process: its options and environment, the files that variables name, and the
    /// configuration file that is named or, without a name, `portcullis.toml` in the current folder if there is one.
    ///
    /// # Errors
    ///
    /// If the file or the current folder cannot be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place at which the configuration reads the environment"
    )]
    pub fn of_process(
        named: Option<&Path>,
        arguments: Arguments,
        log_output: LogOutput,
    ) -> Result<Self, Problems> {
        let environment: BTreeMap<String, String> = env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()))
            .collect();
        let directory = env::current_dir().map_err(|error| unreadable("the current folder", &error))?;
        Ok(Self {
            variable_files: variable_files(&environment),
            environment,
            arguments,
            file: read(named)?,
            directory,
            log_output,
        })
    }
}

fn variable_files(environment: &BTreeMap<String, String>) -> BTreeMap<String, Result<String, String>> {
    environment
        .iter()
        .filter(|(name, path)| !path.is_empty() && names_a_file(name))
        .map(|(name, path)| {
            let text = if has_quotes(path) {
                Err(format!("the path {QUOTED}"))
            } else {
                fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))
            };
            (name.clone(), text)
        })
        .collect()
}

fn read(named: Option<&Path>) -> Result<Option<File>, Problems> {
    let path = named.unwrap_or_else(|| Path::new(DEFAULT_FILE));
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(File {
            name: path.display().to_string(),
            text,
        })),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path.display().to_string(), &error)),
    }
}

fn unreadable(what: &str, error: &io::Error) -> Problems {
    Problems::new(vec![Problem::new(
        Place::Nowhere,
        format!("{what} cannot be read: {error}"),
    )])
}
