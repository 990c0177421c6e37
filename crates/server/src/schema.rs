//! The schema of the database, which is checked or migrated before requests rely on it.

use std::{future::pending, sync::mpsc, thread, time::Duration};

use portcullis_application::ports::Gate;
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{
        MigrateError, SchemaState, adoption::Unreached, inspect, learn, migrate, session_cache, unenforced,
    },
};
use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::{
    config::{Config, Mode},
    error::chain,
    features,
};

/// The shortest and the longest time between two attempts to reach the database.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// How long the start waits for the database before the server runs without it.
const PATIENCE: Duration = Duration::from_millis(1500);
/// As long as all migrations take.
const PATIENCE_WITH_MIGRATIONS: Duration = Duration::from_secs(15);

/// Why the schema cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SchemaError {
    #[error("the database's schema lacks {}: run `portcullis migrate`", .0.join(", "))]
    Behind(Vec<String>),
    #[error("the database's schema is newer than this program ({}): run a newer portcullis", .0.join(", "))]
    Ahead(Vec<String>),
    #[error(
        "the database's schema differs from Better Auth's; if Drizzle, Prisma or another version of Better Auth made it, \
         run `portcullis adopt`; otherwise make these changes before you use it:{}",
        list(.0)
    )]
    Foreign(Vec<String>),
    #[error(
        "this database is adopted, and its tables do not fit any more; make these changes, and run `portcullis adopt`:{}",
        list(.0)
    )]
    Misfit(Vec<String>),
    #[error(
        "the database's schema lacks Better Auth's tables, but the schema \"{0}\" contains them: run `portcullis adopt`; \
         or run `portcullis migrate` if new, empty tables are to be used"
    )]
    Elsewhere(String),
    #[error("the application's tables do not fit; make these changes before you adopt the database:{}", list(.0))]
    Unfit(Vec<String>),
    #[error(
        "building these indexes blocks writes to large tables; run these statements before you adopt the database:{}",
        statements(.0)
    )]
    SlowIndexes(Vec<String>),
    #[error("the adoption cannot be removed; nothing was changed:{}", list(.0))]
    CannotUndo(Vec<String>),
    #[error("the application's tables were not recognised; nothing was changed:{}", list(.0))]
    Unrecognised(Vec<String>),
    #[error(
        "this database is adopted, and the application's tables lack what these statements add; run `portcullis adopt`:{}",
        list(.0)
    )]
    NeedsAdoption(Vec<String>),
    #[error(
        "the role of `database.url` may not change the triggers of the session cache; let the owner of the tables run these statements:{}",
        statements(.0)
    )]
    NotOwner(Vec<String>),
    #[error("{0}")]
    Unreached(Unreached),
    #[error("the schema that the search path of `database.url` names does not exist: create it")]
    Missing,
    #[error(
        "this database uses Better Auth features that this server does not enforce:{}",
        list(.0)
    )]
    Unenforced(Vec<String>),
    /// A retry may succeed.
    #[error("cannot use the database in `database.url` (DATABASE_URL)")]
    Unusable(#[source] MigrateError),
}

impl From<MigrateError> for SchemaError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Ahead(steps) => Self::Ahead(steps),
            MigrateError::Foreign(reasons) => Self::Foreign(reasons),
            MigrateError::Misfit(reasons) => Self::Misfit(reasons),
            MigrateError::Unfit(reasons) => Self::Unfit(reasons),
            MigrateError::SlowIndexes(statements) => Self::SlowIndexes(statements),
            MigrateError::CannotUndo(reasons) => Self::CannotUndo(reasons),
            MigrateError::Unrecognised(reasons) => Self::Unrecognised(reasons),
            MigrateError::NeedsAdoption(changes) => Self::NeedsAdoption(changes),
            MigrateError::NotOwner(statements) => {
                Self::NotOwner(statements.iter().map(|one| format!("{one};")).collect())
            }
            MigrateError::Unreached(unreached) => Self::Unreached(unreached),
            MigrateError::NoSchema => Self::Missing,
            other => Self::Unusable(other),
        }
    }
}

/// Whether the database can be used already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// The schema is right.
    Ready,
    /// The database cannot be used yet. The gate opens when it can be used and its schema is right.
    Awaited,
}

/// Prepares the schema: migrates it in development, only checks it in production.
pub(crate) fn prepare(url: &DatabaseUrl, config: &Config) -> Result<(), SchemaError> {
    let fields = &config.database.options.fields;
    let facts = &config.database.options.facts;
    match config.mode {
        Mode::Development => {
            migrate(url, fields)?;
            prepare_session_cache(url, config);
            if let Err(error) = require_enforced(url, config) {
                tracing::warn!(
                    error = chain(&error),
                    "in production, the server would not start on this database"
                );
            }
        }
        Mode::Production => {
            require_current(inspect(url, fields)?)?;
            require_enforced(url, config)?;
        }
    }
    Ok(learn(url, fields, facts)?)
}

/// Creates the triggers of the session cache, if it is enabled. Without them the server works, and its cache is silent.
fn prepare_session_cache(url: &DatabaseUrl, config: &Config) {
    if config.database.options.session_cache.is_none() {
        return;
    }
    if let Err(error) = session_cache::install(url) {
        let error = SchemaError::from(error);
        tracing::error!(
            error = chain(&error),
            "could not create the triggers of the session cache"
        );
    }
}

/// Rejects a database with features that this server does not enforce: it would accept users whom another program on
/// the same database rejects.
pub(crate) fn require_enforced(url: &DatabaseUrl, config: &Config) -> Result<(), SchemaError> {
    let refusals = unenforced(url, &features::enforced_columns(config))?;
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(SchemaError::Unenforced(refusals))
    }
}

/// Rejects every schema but the current one.
pub(crate) fn require_current(state: SchemaState) -> Result<(), SchemaError> {
    match state {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(steps) => Err(SchemaError::Behind(steps)),
        SchemaState::Ahead(steps) => Err(SchemaError::Ahead(steps)),
        SchemaState::Foreign(reasons) => Err(SchemaError::Foreign(reasons)),
        SchemaState::Misfit(reasons) => Err(SchemaError::Misfit(reasons)),
    }
}

/// The state of the schema while the server runs.
pub(crate) struct Watch {
    pub(crate) readiness: Readiness,
    /// `None`: the schema is already known to be right.
    refusal: Option<oneshot::Receiver<SchemaError>>,
}

impl Watch {
    /// Returns the watch of a schema that is known to be right.
    pub(crate) const fn settled() -> Self {
        Self {
            readiness: Readiness::Ready,
            refusal: None,
        }
    }

    /// Returns if the database can be used at last and its schema is wrong: the server must stop then, as it would not
    /// have started. Otherwise it never returns.
    pub(crate) async fn refusal(&mut self) -> SchemaError {
        if let Some(refusal) = &mut self.refusal {
            if let Ok(error) = refusal.await {
                return error;
            }
            self.refusal = None;
        }
        pending().await
    }
}

/// Prepares the schema and opens the gate. If the database cannot be used yet, a thread retries while the server
/// already runs.
///
/// # Errors
///
/// If the database answers in time and its schema is wrong.
pub(crate) fn watch(url: &DatabaseUrl, config: &Config, gate: &Gate) -> Result<Watch, SchemaError> {
    let (first, readiness) = mpsc::sync_channel(1);
    let (refuse, mut refusal) = oneshot::channel();
    let (url, gate, mode) = (url.clone(), gate.clone(), config.mode);
    let config = config.clone();
    thread::spawn(move || {
        if let Err(error) = wait(&url, &config, &gate, &first) {
            let _receiver_is_gone = refuse.send(error);
        }
    });
    let patience = match mode {
        Mode::Development => PATIENCE_WITH_MIGRATIONS,
        Mode::Production => PATIENCE,
    };
    // The thread drops `first` after it has sent a refusal, which ends this wait.
    let readiness = readiness.recv_timeout(patience).unwrap_or(Readiness::Awaited);
    match refusal.try_recv() {
        Ok(error) => Err(error),
        Err(TryRecvError::Empty) => Ok(Watch {
            readiness,
            refusal: Some(refusal),
        }),
        Err(TryRecvError::Closed) => Ok(Watch {
            readiness,
            refusal: None,
        }),
    }
}

/// Retries until the database can be used, and opens the gate if its schema is right. Sends the first outcome to
/// `first`, unless it is an error.
fn wait(
    url: &DatabaseUrl,
    config: &Config,
    gate: &Gate,
    first: &mpsc::SyncSender<Readiness>,
) -> Result<(), SchemaError> {
    let mut pause = SHORTEST_PAUSE;
    let mut logged = String::new();
    loop {
        match prepare(url, config) {
            Ok(()) => {
                gate.open();
                if !logged.is_empty() {
                    tracing::info!("the database can be used and its schema is right");
                }
                let _receiver_is_gone = first.try_send(Readiness::Ready);
                return Ok(());
            }
            Err(error @ SchemaError::Unusable(_)) => log_wait(&error, &mut logged),
            Err(error) => return Err(error),
        }
        let _receiver_is_gone = first.try_send(Readiness::Awaited);
        thread::sleep(pause);
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// Logs that the server waits for the database, once for each reason.
fn log_wait(error: &SchemaError, logged: &mut String) {
    let text = chain(error);
    if *logged != text {
        tracing::warn!(error = text, "waiting for the database");
        *logged = text;
    }
}

/// Each statement in a line of its own, so that it can be copied.
fn statements(statements: &[String]) -> String {
    statements
        .iter()
        .fold(String::new(), |list, statement| list + "\n" + statement)
}

fn list(reasons: &[String]) -> String {
    reasons
        .iter()
        .fold(String::new(), |list, reason| list + "\n  - " + reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Inputs;

    #[test]
    fn only_a_current_schema_is_accepted_and_errors_say_what_to_do() {
        let check = |state| require_current(state).map_err(|error| error.to_string());
        let one = || vec!["1".to_owned()];
        assert_eq!(check(SchemaState::Current), Ok(()));
        for (state, advice) in [
            (SchemaState::Behind(one()), "run `portcullis migrate`"),
            (SchemaState::Ahead(one()), "run a newer portcullis"),
            (SchemaState::Foreign(one()), "make these changes"),
        ] {
            assert!(check(state).unwrap_err().contains(advice), "{advice}");
        }
    }

    #[test]
    fn an_unreachable_database_is_awaited() {
        let url = DatabaseUrl::parse("postgres://portcullis@127.0.0.1:1/none").unwrap();
        let mut config = Config::load(&Inputs::default()).unwrap();
        for mode in [Mode::Development, Mode::Production] {
            config.mode = mode;
            let gate = Gate::default();
            let watch = watch(&url, &config, &gate).unwrap();
            assert_eq!(watch.readiness, Readiness::Awaited);
        }
    }
}
