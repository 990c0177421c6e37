//! The search for PostgreSQL's programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::install;

/// The programs that a folder must contain.
const NEEDED: [&str; 3] = ["initdb", "postgres", "createdb"];

/// Where systems install PostgreSQL: a folder, the prefix of its subfolders' names, and the path below a subfolder.
const USUAL_PLACES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

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
        Self::find_in(configured.into_iter().chain(on_path).chain(usual_places()))
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

fn binary_folder(folder: &Path) -> Option<PathBuf> {
    let answer = Command::new(folder.join("pg_config"))
        .arg("--bindir")
        .output()
        .ok()?;
    let folder = String::from_utf8(answer.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

fn usual_places() -> impl Iterator<Item = PathBuf> {
    USUAL_PLACES
        .iter()
        .flat_map(|(parent, prefix, suffix)| newest_first(Path::new(parent), prefix, suffix))
}

fn newest_first(parent: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?;
            Some((leading_number(version).unwrap_or(0), entry.path().join(suffix)))
        })
        .collect();
    versions.sort_by(|one, other| other.cmp(one));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// Parses text such as `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major_version(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    leading_number(version)
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_parsed_from_every_format() {
        for (answer, major) in [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) 17\n", Some(17)),
            ("something else", None),
        ] {
            assert_eq!(major_version(answer), major, "{answer}");
        }
    }

    #[test]
    fn the_newest_version_comes_first() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "17", "100"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }

        let found = newest_first(parent.path(), "", "bin");

        let expected = ["100", "17", "15", "9.6"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_folder_with_only_some_of_the_programs_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("initdb"), "").unwrap();

        let refusal = Programs::find_in([folder.path().to_owned()]).unwrap_err();

        assert!(matches!(refusal, Error::NotInstalled { .. }));
    }
}
