//! Folders and locks.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::error::Error;

const MOMENT: Duration = Duration::from_millis(10);

/// A short name for a path that no other path has.
pub(crate) fn name_of(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    let beginning = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("{beginning:016x}")
}

/// The path from the root, without links in the part that exists.
pub(crate) fn existing_part(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(Error::file("find", path))?;
    for ancestor in path.ancestors() {
        if let (Ok(existing), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) {
            return Ok(existing.components().chain(rest.components()).collect());
        }
    }
    Ok(path)
}

/// Makes a folder and those above it, each with this mode whatever the umask; what is there stays as it is.
pub(crate) fn make_folder(path: &Path, mode: u32) -> Result<(), Error> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|ancestor| !ancestor.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        match DirBuilder::new().mode(mode).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::file("make the folder", folder)(error));
            }
            _ => fs::set_permissions(folder, Permissions::from_mode(mode))
                .map_err(Error::file("open the folder", folder))?,
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

/// Takes a lock for oneself, and waits so long for it.
pub(crate) fn lock_alone(path: &Path, patience: Duration) -> Result<File, Error> {
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

/// Asks again and again until the answer is yes (true) or the time is over (false).
pub(crate) fn wait(
    patience: Duration,
    mut is_so: impl FnMut() -> Result<bool, Error>,
) -> Result<bool, Error> {
    let end = Instant::now() + patience;
    while !is_so()? {
        if Instant::now() >= end {
            return Ok(false);
        }
        thread::sleep(MOMENT);
    }
    Ok(true)
}
