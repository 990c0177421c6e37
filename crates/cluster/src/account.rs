//! As whom PostgreSQL runs, and where it may live.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{User, getegid, geteuid};

use crate::error::Error;
use crate::files::{existing_part, name_of};

/// Where root keeps the clusters of projects: nothing below `/root` can be reached by another user.
const FOLDER_OF_ROOT: &str = "/var/lib/portcullis";

/// As whom other programs are looked up in scripts that PostgreSQL runs.
const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The user that runs PostgreSQL: ourselves, or another where we are root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    pub(crate) user: u32,
    group: u32,
    is_another: bool,
}

impl Account {
    pub(crate) fn choose() -> Result<Self, Error> {
        if !geteuid().is_root() {
            return Ok(Self {
                user: geteuid().as_raw(),
                group: getegid().as_raw(),
                is_another: false,
            });
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name).map_err(|source| Error::NoUser(Some(source)))? {
                return Ok(Self {
                    user: user.uid.as_raw(),
                    group: user.gid.as_raw(),
                    is_another: true,
                });
            }
        }
        Err(Error::NoUser(None))
    }

    /// A program of PostgreSQL, run as this user, deaf to our environment (`PGPORT`, `PGOPTIONS`, …) and to a
    /// Ctrl-C at our terminal.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir("/")
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", SYSTEM_PATH)
            .env("PGCONNECT_TIMEOUT", "10")
            .stdin(Stdio::null())
            .process_group(0);
        if self.is_another {
            command.uid(self.user).gid(self.group);
        }
        command
    }

    /// Hands over a folder or file of ours.
    pub(crate) fn give(self, path: &Path) -> Result<(), Error> {
        if self.is_another {
            chown(path, Some(self.user), Some(self.group)).map_err(Error::file("give away", path))?;
        }
        Ok(())
    }

    /// The permissions of a folder through which this user must come.
    pub(crate) fn mode_of_passage(self) -> u32 {
        if self.is_another { 0o755 } else { 0o700 }
    }

    /// May this user come to what lies in this folder?
    pub(crate) fn can_reach(self, folder: &Path) -> bool {
        folder.ancestors().all(|ancestor| {
            fs::metadata(ancestor).is_ok_and(|metadata| {
                let needed = if metadata.uid() == self.user { 0o100 } else { 0o001 };
                metadata.mode() & needed != 0
            })
        })
    }
}

/// The folder for a project's cluster: the one that is asked for, or its counterpart below
/// `/var/lib/portcullis` where we are root.
///
/// # Errors
///
/// Where the folder is relative and the working directory is gone.
pub fn private_folder(wanted: &Path) -> Result<PathBuf, Error> {
    private_folder_for(wanted, geteuid().is_root())
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let program = PathBuf::from(command.get_program());
    let answer = command.output().map_err(Error::run(&program))?;
    if answer.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
    Err(Error::Program { program, output })
}

fn private_folder_for(wanted: &Path, is_root: bool) -> Result<PathBuf, Error> {
    let wanted = existing_part(wanted)?;
    if is_root {
        Ok(Path::new(FOLDER_OF_ROOT).join(name_of(&wanted)))
    } else {
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_users_cluster_lives_in_the_project() {
        let project = tempfile::tempdir().unwrap();
        let wanted = project
            .path()
            .canonicalize()
            .unwrap()
            .join(".portcullis/postgres");

        assert_eq!(private_folder_for(&wanted, false).unwrap(), wanted);
    }

    #[test]
    fn the_cluster_of_root_lives_where_others_can_go_and_has_one_name_however_the_project_is_reached() {
        let project = tempfile::tempdir().unwrap();
        let link = project.path().join("link");
        symlink(project.path(), &link).unwrap();

        let direct = private_folder_for(&project.path().join("postgres"), true).unwrap();
        let through_link = private_folder_for(&link.join("postgres"), true).unwrap();
        let other = private_folder_for(&project.path().join("other"), true).unwrap();

        assert_eq!(direct.parent(), Some(Path::new(FOLDER_OF_ROOT)));
        assert_eq!(direct, through_link);
        assert_ne!(direct, other);
    }

    #[test]
    fn a_closed_folder_on_the_way_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let stranger = Account {
            user: 4_000_000_000,
            group: 4_000_000_000,
            is_another: true,
        };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let open = stranger.can_reach(folder.path());

        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();

        assert!(open);
        assert!(!stranger.can_reach(folder.path()));
    }
}
