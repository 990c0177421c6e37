//! The folder below which the servers of tests are created.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;
use nix::unistd::{AccessFlags, access};
use portcullis_cluster::temporary_folder;

use crate::error::Error;

/// A file system in memory, on Linux. A server creates and drops a database there many times as fast as on a disk.
const MEMORY: &str = "/dev/shm";

/// More than all servers of a test run contain at the same time, in bytes.
const NEEDED: u64 = 2 << 30;

/// The permissions of others, without which the user that runs PostgreSQL cannot use a folder: to write and to enter.
const OPEN_TO_ALL: u32 = 0o003;

/// Returns the folder in `TMPDIR` if that is set, else a folder in memory if every user can write there and it has enough
/// room, else the system's temporary folder.
pub(crate) fn folder() -> Result<PathBuf, Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a setting of the tests, not of the server"
    )]
    let is_chosen = env::var_os("TMPDIR").is_some();
    if !is_chosen && is_writable(Path::new(MEMORY)) && has_room(Path::new(MEMORY)) {
        return Ok(MEMORY.into());
    }
    Ok(temporary_folder()?)
}

fn is_writable(folder: &Path) -> bool {
    let is_open = |metadata: fs::Metadata| metadata.permissions().mode() & OPEN_TO_ALL == OPEN_TO_ALL;
    // A file system may be mounted for reading only.
    fs::metadata(folder).is_ok_and(is_open) && access(folder, AccessFlags::W_OK).is_ok()
}

fn has_room(folder: &Path) -> bool {
    statvfs(folder)
        .is_ok_and(|system| system.blocks_available().saturating_mul(system.fragment_size()) >= NEEDED)
}
