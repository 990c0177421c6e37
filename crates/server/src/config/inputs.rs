//! The sources of a configuration.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use super::problem::{Place, Problem, Problems};

/// The file that is read if none is named.
const DEFAULT_FILE: &str = "portcullis.toml";

/// A configuration file: its name for messages, and its text.
#[derive(Clone, Debug)]
pub struct File {
    /// The name as it was given.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Everything that a configuration is made from. Nothing else is read.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// The file, if there is one.
    pub file: Option<File>,
    /// The working folder of the program, in which `.portcullis` is created.
    pub directory: PathBuf,
    /// Whether the log goes to a terminal.
    pub is_terminal: bool,
}

impl Inputs {
    /// Returns the inputs of this process: its environment, and the file that is named or, without a name,
    /// `portcullis.toml` in the current folder if there is one.
    ///
    /// # Errors
    ///
    /// If the file or the current folder cannot be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place where the configuration reads the environment"
    )]
    pub fn of_process(named: Option<&Path>, is_terminal: bool) -> Result<Self, Problems> {
        let environment = env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()))
            .collect();
        let directory = env::current_dir().map_err(|error| unreadable("the current folder", &error))?;
        Ok(Self {
            environment,
            file: read(named)?,
            directory,
            is_terminal,
        })
    }
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
