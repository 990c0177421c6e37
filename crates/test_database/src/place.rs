//! The folder below which the servers of tests are created.

use std::env;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;
use portcullis_cluster::temporary_folder;

use crate::error::Error;

/// A file system in memory, on Linux. A server creates and drops a database there many times as fast as on a disk.
const MEMORY: &str = "/dev/shm";

/// More than all servers of a test run contain at the same time, in bytes.
const NEEDED: u64 = 2 << 30;

/// Returns the folder in `TMPDIR` if that is set, else a folder in memory if it has enough room, else the system's
/// temporary folder.
pub(crate) fn folder() -> Result<PathBuf, Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a setting of the tests, not of the server"
    )]
    let is_chosen = env::var_os("TMPDIR").is_some();
    if !is_chosen && has_room(Path::new(MEMORY)) {
        return Ok(MEMORY.into());
    }
    Ok(temporary_folder()?)
}

fn has_room(folder: &Path) -> bool {
    statvfs(folder)
        .is_ok_and(|system| system.blocks_available().saturating_mul(system.fragment_size()) >= NEEDED)
}
