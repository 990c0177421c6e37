//! A folder that goes, together with the cluster in it, when nobody holds it any more.

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

/// A held folder. The system lets it go when this process ends, however that comes about.
#[derive(Debug)]
pub(crate) struct Watched {
    folder: PathBuf,
    /// Open for writing; the watchdog reads the other end.
    _door: File,
}

/// What the watchdog of a folder does when nobody holds it.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    /// How long it waits for the next to come.
    pub(crate) patience: Duration,
    /// A file that it deletes besides.
    pub(crate) leftover: Option<PathBuf>,
}

impl Watched {
    /// Makes a folder whose name begins like this, and its watchdog.
    pub(crate) fn make(below: &Path, prefix: &str, orders: &Orders) -> io::Result<(Self, Child)> {
        let folder = make_folder(below, prefix)?;
        mkfifo(&door_of(&folder), Mode::S_IRUSR | Mode::S_IWUSR)?;
        Self::watch(folder, orders)
    }

    /// Comes into a folder that another process has made. Nothing where that is closed already.
    ///
    /// Where the watchdog is gone, killed, a new one takes its place.
    pub(crate) fn join(folder: &Path, orders: &Orders) -> io::Result<Option<Self>> {
        if fs::symlink_metadata(folder)?.uid() != geteuid().as_raw() {
            return Ok(None);
        }
        match open_door(folder, OpenOptions::new().write(true)) {
            Ok(door) => Self::enter(folder.to_owned(), door).map(Some),
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
        // Opening one end waits for the other, unless it is there: hence a first reader that does not wait.
        let reader = open_door(&folder, OpenOptions::new().read(true))?;
        let writer = open_door(&folder, OpenOptions::new().write(true))?;
        let waiting_reader = File::open(door_of(&folder))?;
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
        Ok((Self::enter(folder, writer)?, watchdog))
    }

    fn enter(folder: PathBuf, mut door: File) -> io::Result<Self> {
        door.write_all(b"\n")?;
        Ok(Self { folder, _door: door })
    }
}

fn door_of(folder: &Path) -> PathBuf {
    folder.join("door")
}

fn open_door(folder: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(door_of(folder))
}

/// A folder of a name that is free, through which others may pass.
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
