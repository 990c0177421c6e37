//! What development mode creates in `.portcullis`: a secret and a private PostgreSQL.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
};

use portcullis_application::ports::RandomExt;
use portcullis_cluster::{Cluster, Durability, Options, private_folder};
use portcullis_crypto::OsRandom;
use portcullis_domain::secret::Secret;

use crate::{error::Error, output, private_database::PrivateDatabase};

/// Length of a generated secret in letters and digits: 285 bits.
const SECRET_LENGTH: usize = 48;
/// The name of the database in the private PostgreSQL.
const DATABASE: &str = "portcullis";

/// Returns a new random secret.
pub(crate) fn new_secret() -> Secret<String> {
    Secret::new(OsRandom.text(SECRET_LENGTH))
}

/// Path of the secret of the project in `directory`.
pub(crate) fn secret_file(directory: &Path) -> PathBuf {
    directory.join(".portcullis/secret")
}

/// Folder of the private PostgreSQL of the project in `directory`.
pub(crate) fn database_folder(directory: &Path) -> Result<PathBuf, Error> {
    Ok(private_folder(&directory.join(".portcullis/postgres"))?)
}

/// Returns the secret of the project in `directory`. It is created once and kept.
pub(crate) fn secret(directory: &Path) -> Result<Secret<String>, Error> {
    let file = secret_file(directory);
    if !fs::exists(&file).map_err(Error::file("read", &file))? {
        let folder = folder(directory)?;
        keep_secret(&folder, &file)?;
    }
    read_secret(file)
}

/// Returns the secret of the project in `directory`, or `None` if it has not been created yet.
pub(crate) fn existing_secret(directory: &Path) -> Result<Option<Secret<String>>, Error> {
    let file = secret_file(directory);
    let exists = fs::exists(&file).map_err(Error::file("read", &file))?;
    exists.then(|| read_secret(file)).transpose()
}

fn read_secret(file: PathBuf) -> Result<Secret<String>, Error> {
    let text = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
    match text.trim() {
        "" => Err(Error::EmptySecret(file)),
        text => Ok(Secret::new(text.to_owned())),
    }
}

/// Starts the private PostgreSQL of the project in `directory`, or uses the one that already runs.
pub(crate) fn database(directory: &Path) -> Result<PrivateDatabase, Error> {
    folder(directory)?;
    let options = Options {
        folder: database_folder(directory)?,
        database: DATABASE.to_owned(),
        durability: Durability::Durable,
        settings: Vec::new(),
    };
    if !Cluster::exists(&options) {
        let folder = options.folder.display();
        output::print_error(&format!(
            "creating a private PostgreSQL in {folder}; this takes a few seconds"
        ));
    }
    PrivateDatabase::start(options)
}

/// Creates the folder for data of this machine, which must never be committed.
fn folder(directory: &Path) -> Result<PathBuf, Error> {
    let folder = directory.join(".portcullis");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(Error::file("created", &folder))?;
    let ignore = folder.join(".gitignore");
    fs::write(&ignore, "*\n").map_err(Error::file("written", &ignore))?;
    Ok(folder)
}

/// Writes a new secret to a draft and links it to its path: two programs that start at once keep the same secret, and
/// neither reads half of it.
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
    fn a_secret_is_created_once_and_only_its_owner_may_read_it() {
        let directory = tempfile::tempdir().unwrap();
        assert!(existing_secret(directory.path()).unwrap().is_none());
        let first = secret(directory.path()).unwrap();
        assert_eq!(first.expose().len(), SECRET_LENGTH);
        assert_eq!(secret(directory.path()).unwrap().expose(), first.expose());
        let existing = existing_secret(directory.path()).unwrap().unwrap();
        assert_eq!(existing.expose(), first.expose());

        let file = secret_file(directory.path());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let ignore = directory.path().join(".portcullis/.gitignore");
        assert_eq!(fs::read_to_string(ignore).unwrap(), "*\n");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 2);
    }

    #[test]
    fn an_empty_secret_is_rejected() {
        let directory = tempfile::tempdir().unwrap();
        secret(directory.path()).unwrap();
        fs::write(secret_file(directory.path()), "\n").unwrap();
        assert!(matches!(secret(directory.path()), Err(Error::EmptySecret(_))));
    }
}
