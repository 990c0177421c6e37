//! The search for PostgreSQL's programs.

mod folders;
mod version;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use self::folders::{binary_folder, usual_folders};
use self::version::major_version;
use crate::error::Error;
use crate::install;

/// The programs that a folder must contain.
const NEEDED: [&str; 3] = ["initdb", "postgres", "createdb"];

/// The programs of one PostgreSQL installation.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    major: u32,
}

impl Programs {
    /// Searches the folder that `pg_config --bindir` prints, the given search path (see [`search_path`]), and the usual
    /// folders of Linux distributions and macOS, newest version first.
    ///
    /// # Errors
    ///
    /// [`Error::NotInstalled`], which contains the command to install it, if no folder contains all programs.
    pub fn find(search_path: Option<&OsStr>) -> Result<Self, Error> {
        let on_path: Vec<PathBuf> = search_path.map(env::split_paths).into_iter().flatten().collect();
        let configured = on_path.iter().find_map(|folder| binary_folder(folder));
        Self::find_in(configured.into_iter().chain(on_path).chain(usual_folders()))
    }

    /// Searches only these folders, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::NotInstalled`], as [`Programs::find`].
    pub fn find_in(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        folders
            .into_iter()
            .filter(|folder| folder.is_absolute())
            .find_map(Self::inspect)
            .ok_or_else(|| Error::NotInstalled {
                install: install::command(),
            })
    }

    /// Returns the path of `psql`: that of this installation, or the name only, to be searched, if it has none.
    #[must_use]
    pub fn psql(&self) -> PathBuf {
        let path = self.path("psql");
        if path.is_file() {
            path
        } else {
            PathBuf::from("psql")
        }
    }

    /// Returns the major version, such as 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    fn inspect(folder: PathBuf) -> Option<Self> {
        if !NEEDED.iter().all(|program| folder.join(program).is_file()) {
            return None;
        }
        let answer = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .ok()?;
        let major = major_version(&String::from_utf8_lossy(&answer.stdout))?;
        Some(Self { folder, major })
    }
}

/// Returns the variable `PATH` of this process, for [`Programs::find`].
#[must_use]
pub fn search_path() -> Option<OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the search path is a setting of the system, not an option of ours"
    )]
    env::var_os("PATH")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_with_only_some_of_the_programs_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("initdb"), "").unwrap();

        let refusal = Programs::find_in([folder.path().to_owned()]).unwrap_err();

        assert!(matches!(refusal, Error::NotInstalled { .. }));
    }
}
