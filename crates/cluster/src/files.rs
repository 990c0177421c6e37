//! Folders, paths and file locks.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::error::Error;

const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Returns a short name that is unique to this path.
pub(crate) fn name_of(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    let beginning = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("{beginning:016x}")
}

/// Returns the absolute path, with symbolic links resolved in the part that exists.
pub(crate) fn existing_part(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(Error::file("resolve", path))?;
    for ancestor in path.ancestors() {
        if let (Ok(existing), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) {
            return Ok(existing.components().chain(rest.components()).collect());
        }
    }
    Ok(path)
}

/// Creates a folder and its missing parents, each with this mode regardless of the umask. Existing folders are not
/// changed.
pub(crate) fn make_folder(path: &Path, mode: u32) -> Result<(), Error> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|ancestor| !ancestor.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        match DirBuilder::new().mode(mode).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::file("create the folder", folder)(error));
            }
            _ => fs::set_permissions(folder, Permissions::from_mode(mode))
                .map_err(Error::file("set the permissions of the folder", folder))?,
        }
    }
    Ok(())
}

/// Opens a file to lock it.
pub(crate) fn lock_file(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(Error::file("open", path))
}

/// Takes an exclusive lock, and waits for it at most as long as `patience`.
pub(crate) fn lock_exclusive(path: &Path, patience: Duration) -> Result<File, Error> {
    let file = lock_file(path)?;
    if wait(patience, || may_lock(&file, path))? {
        Ok(file)
    } else {
        Err(Error::Locked(path.to_owned()))
    }
}

fn may_lock(file: &File, path: &Path) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(Error::file("lock", path)(error)),
    }
}

/// Polls `is_so`. Returns `true` as soon as it returns `true`, or `false` when `patience` has elapsed.
pub(crate) fn wait(
    patience: Duration,
    mut is_so: impl FnMut() -> Result<bool, Error>,
) -> Result<bool, Error> {
    let end = Instant::now() + patience;
    while !is_so()? {
        if Instant::now() >= end {
            return Ok(false);
        }
        thread::sleep(POLL_INTERVAL);
    }
    Ok(true)
}
