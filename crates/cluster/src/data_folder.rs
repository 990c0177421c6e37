//! Creation of the data folder, complete or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

use crate::cluster::Durability;
use crate::error::Error;
use crate::files::{make_folder, wait};
use crate::paths::ClusterPaths;
use crate::programs::Programs;
use crate::system_user::{SystemUser, run};

/// Prefix of the folders in which data folders are initialised before they are renamed.
const UNFINISHED: &str = "unfinished-";

/// How long the `initdb` of a killed process may continue to write.
const PATIENCE_WITH_INITDB: Duration = Duration::from_secs(30);

/// Creates the data folder if it does not exist.
///
/// `initdb` works in a folder with another name, so that an interrupted run is never taken for a complete data folder.
pub(crate) fn make(
    programs: &Programs,
    account: SystemUser,
    place: &ClusterPaths,
    durability: Durability,
) -> Result<(), Error> {
    let is_new = make_with(account, place, |folder| {
        initialise(&programs.path("initdb"), account, folder, durability)
    })?;
    if is_new && durability == Durability::Durable {
        sync(&place.home)?;
    }
    Ok(())
}

/// Copies the data folder of the server with this socket for a hot standby, if there is no data folder.
pub(crate) fn copy(
    programs: &Programs,
    account: SystemUser,
    place: &ClusterPaths,
    socket_folder: &Path,
) -> Result<(), Error> {
    make_with(account, place, |folder| {
        let mut command = account.command(&programs.path("pg_basebackup"));
        command
            .arg("--host")
            .arg(socket_folder)
            .args(["--port=5432", "--username=postgres", "--checkpoint=fast"])
            .args(["--write-recovery-conf", "--wal-method=stream", "--no-sync"])
            .arg("--pgdata")
            .arg(folder);
        run(&mut command)
    })
    .map(|_is_new| ())
}

/// Creates the data folder with the contents that `fill` writes. Returns `false` if it already exists.
fn make_with(
    account: SystemUser,
    place: &ClusterPaths,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<bool, Error> {
    let data = place.data();
    if data.join("PG_VERSION").exists() {
        return Ok(false);
    }
    remove_unfinished(&place.home)?;

    let unfinished = place.home.join(format!("{UNFINISHED}{}", process::id()));
    make_folder(&unfinished, 0o700)?;
    account.take_ownership(&unfinished)?;
    fill(&unfinished)?;

    fs::rename(&unfinished, &data).map_err(Error::file("create the data folder", &data))?;
    tracing::info!(folder = %place.home.display(), "created a private PostgreSQL cluster");
    Ok(true)
}

fn remove_unfinished(home: &Path) -> Result<(), Error> {
    let entries = fs::read_dir(home).map_err(Error::file("read the folder", home))?;
    let unfinished: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED))
        .map(|entry| entry.path())
        .collect();
    for folder in unfinished {
        // The `initdb` of a killed process may still create files.
        wait(PATIENCE_WITH_INITDB, || is_removed(&folder))?;
    }
    Ok(())
}

/// Removes a folder. Returns `false` if another process has written to it at the same time.
fn is_removed(folder: &Path) -> Result<bool, Error> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(error) => Err(Error::file("remove the folder", folder)(error)),
    }
}

/// Runs `initdb` with UTF-8 and the locale `C.UTF-8`, or `C` if the system does not have it.
fn initialise(
    program: &Path,
    account: SystemUser,
    folder: &Path,
    durability: Durability,
) -> Result<(), Error> {
    let initialise_in = |locale: &str| {
        let mut command = account.command(program);
        command
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8"])
            .arg(format!("--locale={locale}"))
            .arg("-D")
            .arg(folder);
        if durability == Durability::Ephemeral {
            command.arg("--no-sync");
        }
        run(&mut command)
    };
    match initialise_in("C.UTF-8") {
        Err(Error::Program { output, .. }) if output.contains("locale") => initialise_in("C"),
        outcome => outcome,
    }
}

fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::file("write", folder))
}
