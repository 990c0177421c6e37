//! What development makes for itself, in `.portcullis`: a secret and a private PostgreSQL.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
};

use portcullis_application::ports::RandomExt;
use portcullis_cluster::{Cluster, Durability, Options, Programs, private_folder, search_path};
use portcullis_crypto::OsRandom;
use portcullis_domain::secret::Secret;

use crate::error::Error;

/// How many letters and digits a secret has that we make: 285 bits.
const SECRET_LENGTH: usize = 48;
/// The name of the database in the private PostgreSQL.
pub(crate) const DATABASE: &str = "portcullis";

/// A secret that nobody has seen before.
pub(crate) fn new_secret() -> Secret<String> {
    Secret::new(OsRandom.text(SECRET_LENGTH))
}

/// Where the secret of the project in this folder is kept.
pub(crate) fn secret_file(directory: &Path) -> PathBuf {
    directory.join(".portcullis/secret")
}

/// Where the private PostgreSQL of the project in this folder lies.
pub(crate) fn database_folder(directory: &Path) -> Result<PathBuf, Error> {
    Ok(private_folder(&directory.join(".portcullis/postgres"))?)
}

/// The secret of the project in this folder; made once and kept.
pub(crate) fn secret(directory: &Path) -> Result<Secret<String>, Error> {
    let file = secret_file(directory);
    if !fs::exists(&file).map_err(Error::file("read", &file))? {
        let folder = folder(directory)?;
        keep_secret(&folder, &file)?;
    }
    let text = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
    match text.trim() {
        "" => Err(Error::EmptySecret(file)),
        text => Ok(Secret::new(text.to_owned())),
    }
}

/// Starts the private PostgreSQL of the project in this folder, or adopts the one that runs.
pub(crate) fn database(directory: &Path) -> Result<Cluster, Error> {
    folder(directory)?;
    let programs = Programs::find(search_path().as_deref())?;
    let options = Options {
        folder: database_folder(directory)?,
        database: DATABASE.to_owned(),
        durability: Durability::Durable,
    };
    Ok(Cluster::start(&programs, &options)?)
}

/// Makes the folder for what belongs to this machine alone and must never be committed.
fn folder(directory: &Path) -> Result<PathBuf, Error> {
    let folder = directory.join(".portcullis");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(Error::file("made", &folder))?;
    let ignore = folder.join(".gitignore");
    fs::write(&ignore, "*\n").map_err(Error::file("written", &ignore))?;
    Ok(folder)
}

/// Writes a new secret beside its place and links it there: two programs that start at once keep the same one,
/// and none ever reads half of it.
fn keep_secret(folder: &Path, file: &Path) -> Result<(), Error> {
    let draft = folder.join(format!("secret.{}", process::id()));
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut draft| writeln!(draft, "{}", new_secret().expose()))
        .map_err(Error::file("written", &draft))?;
    let linked = match fs::hard_link(&draft, file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    };
    linked.map_err(Error::file("written", file))?;
    fs::remove_file(&draft).map_err(Error::file("removed", &draft))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_made_once_and_nobody_else_may_read_it() {
        let directory = tempfile::tempdir().unwrap();
        let first = secret(directory.path()).unwrap();
        assert_eq!(first.expose().len(), SECRET_LENGTH);
        assert_eq!(secret(directory.path()).unwrap().expose(), first.expose());

        let file = secret_file(directory.path());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let ignore = directory.path().join(".portcullis/.gitignore");
        assert_eq!(fs::read_to_string(ignore).unwrap(), "*\n");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 2);
    }

    #[test]
    fn an_empty_secret_is_not_used() {
        let directory = tempfile::tempdir().unwrap();
        secret(directory.path()).unwrap();
        fs::write(secret_file(directory.path()), "\n").unwrap();
        assert!(matches!(secret(directory.path()), Err(Error::EmptySecret(_))));
    }
}
