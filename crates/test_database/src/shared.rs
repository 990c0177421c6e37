//! The server that all test processes of this checkout share.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use nix::unistd::geteuid;
use portcullis_cluster::{Cluster, Durability, Options, Programs, search_path};
use url::Url;

use crate::error::{Error, fail};
use crate::place;
use crate::template;
use crate::watched::{Orders, WatchedFolder};

/// Test programs run one after the other; the next one should find the server of the previous one.
const PATIENCE: Duration = Duration::from_secs(3);

/// The hash of this checkout's path.
const CHECKOUT: &str = env!("CHECKOUT");

/// The prepared server. It is kept until this process ends.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) administration: AdminServer,
    /// The name of the database to copy.
    pub(crate) template: &'static str,
}

/// Access to the server with the right to create databases.
#[derive(Debug)]
pub(crate) enum AdminServer {
    /// The server in `TEST_DATABASE_URL`.
    Given(Url),
    /// Our private server. It is never dropped: the watchdog stops it.
    Own {
        cluster: Cluster,
        #[expect(
            dead_code,
            reason = "its open pipe shows the watchdog that this process is alive"
        )]
        watched: WatchedFolder,
    },
}

impl AdminServer {
    pub(crate) fn url(&self, database: &str) -> String {
        match self {
            Self::Given(url) => {
                let mut url = url.clone();
                url.set_path(database);
                url.into()
            }
            Self::Own { cluster, .. } => cluster.url(database),
        }
    }
}

/// Returns the server of this process. The first call starts or finds it.
pub(crate) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
    match SHARED.get_or_init(|| prepare().map_err(|error| error.chain())) {
        Ok(shared) => shared,
        Err(chain) => fail(chain),
    }
}

fn prepare() -> Result<Shared, Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a setting of the tests, not of the server"
    )]
    let given = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    let administration = match given {
        Some(url) => AdminServer::Given(Url::parse(&url)?),
        None => own_server()?,
    };
    let template = template::make(&administration)?;
    Ok(Shared {
        administration,
        template,
    })
}

fn own_server() -> Result<AdminServer, Error> {
    let programs = Programs::find(search_path().as_deref())?;
    let below = place::folder()?;
    let prefix = format!("portcullis-test-{}-{CHECKOUT}-", geteuid());
    let lock = below.join(format!("{prefix}lock"));
    let orders = Orders {
        patience: PATIENCE,
        leftover: Some(lock.clone()),
    };

    let _guard = lock_file(&lock)?;
    let watched = match join(&below, &prefix, &orders)? {
        Some(watched) => watched,
        None => WatchedFolder::make(&below, &prefix, &orders)?.0,
    };
    let cluster = Cluster::start(&programs, &options(watched.folder()))?;
    Ok(AdminServer::Own { cluster, watched })
}

/// Options of a server for tests.
pub(crate) fn options(folder: &Path) -> Options {
    Options {
        folder: folder.to_owned(),
        database: "postgres".to_owned(),
        durability: Durability::Ephemeral,
        settings: Vec::new(),
    }
}

/// Creates and locks a file. A watchdog may delete the file while this process waits for the lock; then a lock on the
/// next file is needed.
fn lock_file(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.lock()?;
        let locked = file.metadata()?;
        match fs::metadata(path) {
            Ok(current) if current.ino() == locked.ino() => return Ok(file),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
}

/// Joins the first folder of another process that is still in use.
fn join(below: &Path, prefix: &str, orders: &Orders) -> io::Result<Option<WatchedFolder>> {
    let folders: Vec<PathBuf> = fs::read_dir(below)?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    for folder in folders {
        if let Some(watched) = WatchedFolder::join(&folder, orders)? {
            return Ok(Some(watched));
        }
    }
    Ok(None)
}
