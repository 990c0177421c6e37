//! The folders and files of one cluster.

use std::env;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::files::{existing_part, make_folder, name_of};
use crate::system_user::SystemUser;

/// Maximum length of a unix socket's path, in bytes.
const LONGEST_SOCKET_PATH: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// File name of PostgreSQL's socket for port 5432.
const SOCKET: &str = ".s.PGSQL.5432";

/// The longest relative path from the temporary folder to a socket's folder.
const LONGEST_NAME: &str = "portcullis-test-4294967295-0123456789abcdef-ffffffff-ff/100/socket";

/// The folders and files of one cluster.
#[derive(Clone, Debug)]
pub(crate) struct ClusterPaths {
    /// The folder of this major version. It contains everything, except the socket if its path would be too long.
    pub(crate) home: PathBuf,
    /// Derived from the path of `home`; contained in the title of each of the cluster's processes.
    pub(crate) name: String,
    /// The folder of the socket of a server that starts now.
    pub(crate) socket_folder: PathBuf,
}

impl ClusterPaths {
    /// Creates the missing folders.
    pub(crate) fn prepare(folder: &Path, major: u32, account: SystemUser) -> Result<Self, Error> {
        let home = existing_part(folder)?.join(major.to_string());
        make_folder(&home, account.folder_mode())?;

        let name = name_of(&home);
        let socket_folder = match home.join("socket") {
            near if is_fit_for_socket(&near) => near,
            _ => temporary_folder_for(account).join(format!("portcullis-{}-{name}", account.user)),
        };
        Ok(Self {
            home,
            name: format!("portcullis-{name}"),
            socket_folder,
        })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub(crate) fn process_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.home.join("log")
    }

    /// Held by a process while it starts or stops the server.
    pub(crate) fn change_lock(&self) -> PathBuf {
        self.home.join("change.lock")
    }

    /// Held, shared, by every process that uses the server.
    pub(crate) fn use_lock(&self) -> PathBuf {
        self.home.join("use.lock")
    }

    /// Creates the socket's folder if it does not exist, checks that only the cluster's user can enter it, and removes
    /// old sockets.
    pub(crate) fn clear_socket_folder(&self, account: SystemUser) -> Result<(), Error> {
        let folder = &self.socket_folder;
        if !folder.exists() {
            make_folder(folder, 0o700)?;
            account.take_ownership(folder)?;
        }
        let metadata = fs::symlink_metadata(folder).map_err(Error::file("inspect", folder))?;
        let is_private = metadata.is_dir()
            && metadata.uid() == account.user
            && metadata.permissions().mode().trailing_zeros() >= 6;
        if !is_private {
            return Err(Error::NotPrivate(folder.clone()));
        }
        for leftover in [SOCKET.to_owned(), format!("{SOCKET}.lock")] {
            let leftover = folder.join(leftover);
            if leftover.exists() {
                fs::remove_file(&leftover).map_err(Error::file("remove", &leftover))?;
            }
        }
        Ok(())
    }
}

/// Returns the system's temporary folder, or `/tmp` if the user that runs PostgreSQL cannot reach that folder or its
/// path is too long for the sockets below it.
///
/// # Errors
///
/// If there is no user to run PostgreSQL.
pub fn temporary_folder() -> Result<PathBuf, Error> {
    Ok(temporary_folder_for(SystemUser::choose()?))
}

/// Returns the path of the socket in this folder.
pub(crate) fn socket_in(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// Returns whether PostgreSQL can put its socket in this folder. `unix_socket_directories` is a list, in which commas
/// and quotes have a meaning.
fn is_fit_for_socket(folder: &Path) -> bool {
    let path = folder.as_os_str().as_bytes();
    path.len() + 1 + SOCKET.len() <= LONGEST_SOCKET_PATH
        && folder.to_str().is_some()
        && !path
            .iter()
            .any(|byte| b",\"'\\".contains(byte) || byte.is_ascii_control())
        && !path.last().is_some_and(u8::is_ascii_whitespace)
}

fn temporary_folder_for(account: SystemUser) -> PathBuf {
    let folder = env::temp_dir();
    if is_fit_for_socket(&folder.join(LONGEST_NAME)) && account.can_reach(&folder) {
        folder
    } else {
        PathBuf::from("/tmp")
    }
}
