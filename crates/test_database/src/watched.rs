//! A folder with a cluster, which a watchdog deletes when no process uses it any more.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::{geteuid, mkfifo};

const WATCHDOG: &str = include_str!("watchdog.sh");

/// A folder that this process uses. The system closes the pipe when the process ends, even if it is killed.
#[derive(Debug)]
pub(crate) struct WatchedFolder {
    folder: PathBuf,
    /// Open for writing. The watchdog reads the other end.
    _pipe: File,
}

/// Options of a folder's watchdog.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    /// How long it waits for another process before it deletes the folder.
    pub(crate) patience: Duration,
    /// A file that it also deletes.
    pub(crate) leftover: Option<PathBuf>,
}

impl WatchedFolder {
    /// Creates a folder whose name begins with `prefix`, and its watchdog.
    pub(crate) fn make(below: &Path, prefix: &str, orders: &Orders) -> io::Result<(Self, Child)> {
        let folder = make_folder(below, prefix)?;
        mkfifo(&pipe_of(&folder), Mode::S_IRUSR | Mode::S_IWUSR)?;
        Self::watch(folder, orders)
    }

    /// Joins a folder that another process has created. `None`: the folder is another user's or is being deleted.
    ///
    /// If the watchdog was killed, a new one is started.
    pub(crate) fn join(folder: &Path, orders: &Orders) -> io::Result<Option<Self>> {
        match fs::symlink_metadata(folder) {
            Ok(metadata) if metadata.uid() == geteuid().as_raw() => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => return Ok(None),
        }
        match open_pipe(folder, OpenOptions::new().write(true)) {
            Ok(pipe) => Self::join_with(folder.to_owned(), pipe).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.raw_os_error() == Some(nix::errno::Errno::ENXIO as i32) => {
                Self::watch(folder.to_owned(), orders).map(|(watched, _)| Some(watched))
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn watch(folder: PathBuf, orders: &Orders) -> io::Result<(Self, Child)> {
        // Opening one end of a pipe blocks until the other end is open, hence the first, non-blocking reader.
        let reader = open_pipe(&folder, OpenOptions::new().read(true))?;
        let writer = open_pipe(&folder, OpenOptions::new().write(true))?;
        let waiting_reader = File::open(pipe_of(&folder))?;
        drop(reader);

        let watchdog = Command::new("/bin/sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&folder)
            .arg(orders.patience.as_secs().to_string())
            .args(&orders.leftover)
            .current_dir("/")
            .stdin(waiting_reader)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok((Self::join_with(folder, writer)?, watchdog))
    }

    fn join_with(folder: PathBuf, mut pipe: File) -> io::Result<Self> {
        pipe.write_all(b"\n")?;
        Ok(Self { folder, _pipe: pipe })
    }
}

fn pipe_of(folder: &Path) -> PathBuf {
    folder.join("pipe")
}

fn open_pipe(folder: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(pipe_of(folder))
}

/// Creates a folder with an unused name that other users can enter.
fn make_folder(below: &Path, prefix: &str) -> io::Result<PathBuf> {
    for number in 0_u64.. {
        let folder = below.join(format!("{prefix}{:x}-{number:x}", process::id()));
        match DirBuilder::new().create(&folder) {
            Ok(()) => {
                fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
                return Ok(folder);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
