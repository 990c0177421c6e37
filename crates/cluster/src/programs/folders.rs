//! The folders in which PostgreSQL's programs may be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::version::leading_number;

/// Where systems install PostgreSQL: a folder, the prefix of its subfolders' names, and the path below a subfolder.
const USUAL_FOLDERS: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// Returns the folder that `pg_config` in this folder prints.
pub(super) fn binary_folder(folder: &Path) -> Option<PathBuf> {
    let answer = Command::new(folder.join("pg_config"))
        .arg("--bindir")
        .output()
        .ok()?;
    let folder = String::from_utf8(answer.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

/// Returns the usual folders.
pub(super) fn usual_folders() -> impl Iterator<Item = PathBuf> {
    USUAL_FOLDERS
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
