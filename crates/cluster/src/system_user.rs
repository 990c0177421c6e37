//! The system user that runs PostgreSQL, and the folders that it can reach.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{User, getegid, geteuid};

use crate::error::Error;
use crate::files::{existing_part, name_of};

/// The folder of projects' clusters if we are root: other users cannot reach anything below `/root`.
const FOLDER_OF_ROOT: &str = "/var/lib/portcullis";

/// `PATH` of PostgreSQL's programs, for scripts that they run.
const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The user that runs PostgreSQL: the current user, or another one if that is root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemUser {
    pub(crate) user: u32,
    group: u32,
    is_another: bool,
}

impl SystemUser {
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

    /// Returns a command that runs a PostgreSQL program as this user, without our environment (`PGPORT`, `PGOPTIONS`,
    /// …) and in its own process group, so that Ctrl-C in our terminal does not reach it.
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

    /// Makes this user the owner of a folder or file of ours.
    pub(crate) fn take_ownership(self, path: &Path) -> Result<(), Error> {
        if self.is_another {
            chown(path, Some(self.user), Some(self.group))
                .map_err(Error::file("change the owner of", path))?;
        }
        Ok(())
    }

    /// Returns the permissions of a folder that this user must be able to enter.
    pub(crate) fn folder_mode(self) -> u32 {
        if self.is_another { 0o755 } else { 0o700 }
    }

    /// Returns whether this user can reach the contents of this folder.
    pub(crate) fn can_reach(self, folder: &Path) -> bool {
        folder.ancestors().all(|ancestor| {
            fs::metadata(ancestor).is_ok_and(|metadata| {
                let needed = if metadata.uid() == self.user { 0o100 } else { 0o001 };
                metadata.mode() & needed != 0
            })
        })
    }
}

/// Returns the folder for a project's cluster: `wanted`, or its counterpart below `/var/lib/portcullis` if we are root.
///
/// # Errors
///
/// If the folder is relative and the working directory does not exist.
pub fn private_folder(wanted: &Path) -> Result<PathBuf, Error> {
    private_folder_for(wanted, geteuid().is_root())
}

/// Runs a program and waits until it ends.
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
    fn the_cluster_of_an_ordinary_user_is_in_the_project_folder() {
        let project = tempfile::tempdir().unwrap();
        let wanted = project
            .path()
            .canonicalize()
            .unwrap()
            .join(".portcullis/postgres");

        assert_eq!(private_folder_for(&wanted, false).unwrap(), wanted);
    }

    #[test]
    fn the_cluster_of_root_is_outside_the_project_and_has_the_same_name_through_a_link() {
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
    fn a_folder_that_the_user_cannot_enter_is_unreachable() {
        let folder = tempfile::tempdir().unwrap();
        let stranger = SystemUser {
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
