//! The data folder: made whole or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process;

use crate::account::{Account, run};
use crate::cluster::Durability;
use crate::error::Error;
use crate::files::make_folder;
use crate::place::Place;
use crate::programs::Programs;

/// How the folders begin in which data folders are made before they get their name.
const UNFINISHED: &str = "unfinished-";

/// Makes the data folder where there is none.
///
/// `initdb` works in a folder of another name, so that one which was interrupted is never taken for whole.
pub(crate) fn make(
    programs: &Programs,
    account: Account,
    place: &Place,
    durability: Durability,
) -> Result<(), Error> {
    let data = place.data();
    if data.join("PG_VERSION").exists() {
        return Ok(());
    }
    remove_unfinished(&place.home)?;

    let unfinished = place.home.join(format!("{UNFINISHED}{}", process::id()));
    make_folder(&unfinished, 0o700)?;
    account.give(&unfinished)?;
    initialise(&programs.path("initdb"), account, &unfinished, durability)?;

    fs::rename(&unfinished, &data).map_err(Error::file("make the data folder", &data))?;
    if durability == Durability::Durable {
        sync(&place.home)?;
    }
    tracing::info!(folder = %place.home.display(), "made a private PostgreSQL");
    Ok(())
}

fn remove_unfinished(home: &Path) -> Result<(), Error> {
    let entries = fs::read_dir(home).map_err(Error::file("read the folder", home))?;
    let unfinished: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED))
        .map(|entry| entry.path())
        .collect();
    for folder in unfinished {
        fs::remove_dir_all(&folder).map_err(Error::file("remove the folder", &folder))?;
    }
    Ok(())
}

/// In UTF-8, sorted by code points, and where the system has no such locale, by bytes.
fn initialise(program: &Path, account: Account, folder: &Path, durability: Durability) -> Result<(), Error> {
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
