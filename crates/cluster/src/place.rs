//! Where the parts of one cluster are.

use std::env;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::Error;
use crate::files::{existing_part, make_folder, name_of};

/// How long the path of a unix socket may be, in bytes.
const LONGEST_SOCKET_PATH: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// What PostgreSQL calls its socket on port 5432.
const SOCKET: &str = ".s.PGSQL.5432";

/// The longest way from the temporary folder to a socket's folder.
const LONGEST_NAME: &str = "portcullis-test-4294967295-0123456789abcdef/100/socket";

/// The folders and files of one cluster.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The folder of this major version; all else but a displaced socket lies in it.
    pub(crate) home: PathBuf,
    /// Named by the path of `home`; in the title of each of the cluster's processes.
    pub(crate) name: String,
    /// Where a server that starts now puts its socket.
    pub(crate) socket_folder: PathBuf,
}

impl Place {
    /// Makes the folders that are missing.
    pub(crate) fn prepare(folder: &Path, major: u32, account: Account) -> Result<Self, Error> {
        let home = existing_part(folder)?.join(major.to_string());
        make_folder(&home, account.mode_of_passage())?;

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

    /// Held by whoever starts or stops the server, for as long as that takes.
    pub(crate) fn change_lock(&self) -> PathBuf {
        self.home.join("change.lock")
    }

    /// Shared by all that use the server.
    pub(crate) fn use_lock(&self) -> PathBuf {
        self.home.join("use.lock")
    }

    /// Makes the folder of the socket, empty, and for the cluster's user alone.
    pub(crate) fn clear_socket_folder(&self, account: Account) -> Result<(), Error> {
        let folder = &self.socket_folder;
        if !folder.exists() {
            make_folder(folder, 0o700)?;
            account.give(folder)?;
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

/// The system's temporary folder, or `/tmp` where its path is too long for sockets below it, or closed to the
/// user that runs PostgreSQL.
///
/// # Errors
///
/// Where PostgreSQL has no user to run as.
pub fn temporary_folder() -> Result<PathBuf, Error> {
    Ok(temporary_folder_for(Account::choose()?))
}

/// The path of the socket in this folder.
pub(crate) fn socket_in(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// The option that takes the folder is a list, in which commas and quotes have a meaning.
fn is_fit_for_socket(folder: &Path) -> bool {
    let path = folder.as_os_str().as_bytes();
    path.len() + 1 + SOCKET.len() <= LONGEST_SOCKET_PATH
        && folder.to_str().is_some()
        && !path
            .iter()
            .any(|byte| b",\"'\\".contains(byte) || byte.is_ascii_control())
        && !path.last().is_some_and(u8::is_ascii_whitespace)
}

fn temporary_folder_for(account: Account) -> PathBuf {
    let folder = env::temp_dir();
    if is_fit_for_socket(&folder.join(LONGEST_NAME)) && account.can_reach(&folder) {
        folder
    } else {
        PathBuf::from("/tmp")
    }
}
