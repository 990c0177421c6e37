//! The schema of the database, before requests may rely on it.

use std::{future::pending, sync::mpsc, thread, time::Duration};

use portcullis_application::ports::Gate;
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{MigrateError, SchemaState, inspect, migrate, unenforced},
};
use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::{
    config::{Config, Mode},
    error::chain,
};

/// The shortest and the longest time between two attempts to reach the database.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// How long the start waits for the database before the server runs without it.
const PATIENCE: Duration = Duration::from_millis(1500);
/// As long as all migrations take.
const PATIENCE_WITH_MIGRATIONS: Duration = Duration::from_secs(15);

/// Why requests may not rely on the schema; says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SchemaError {
    #[error("the database's schema lacks {}: run `portcullis migrate`", .0.join(", "))]
    Behind(Vec<String>),
    #[error("the database's schema is newer than this program ({}): run a newer portcullis", .0.join(", "))]
    Ahead(Vec<String>),
    #[error(
        "the database's schema is not Better Auth's own, and has to be changed before `database.url` can name it:{}",
        list(.0)
    )]
    Foreign(Vec<String>),
    #[error("the schema that the search path of `database.url` names does not exist: create it")]
    Missing,
    #[error(
        "what a Node server refuses on this database, this version would let pass, since the features are not built yet:{}",
        list(.0)
    )]
    Unenforced(Vec<String>),
    /// Trying again may help.
    #[error("the database cannot be used; `database.url` (DATABASE_URL) says where it is")]
    Unusable(#[source] MigrateError),
}

impl From<MigrateError> for SchemaError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Ahead(steps) => Self::Ahead(steps),
            MigrateError::Foreign(reasons) => Self::Foreign(reasons),
            MigrateError::NoSchema => Self::Missing,
            other => Self::Unusable(other),
        }
    }
}

/// Whether the database is ready to serve already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// The schema is right.
    Ready,
    /// The database is awaited; the gate opens once it is there and right.
    Awaited,
}

/// Makes sure of the schema: migrates it in development, and only looks at it in production.
pub(crate) fn prepare(url: &DatabaseUrl, config: &Config) -> Result<(), SchemaError> {
    let fields = &config.database.options.fields;
    match config.mode {
        Mode::Development => {
            migrate(url, fields)?;
            if let Err(error) = require_enforced(url) {
                tracing::warn!(
                    error = chain(&error),
                    "production would refuse to serve on this database"
                );
            }
            Ok(())
        }
        Mode::Production => {
            require_current(inspect(url, fields)?)?;
            require_enforced(url)
        }
    }
}

/// Nobody may come in here whom another program on this database keeps out.
pub(crate) fn require_enforced(url: &DatabaseUrl) -> Result<(), SchemaError> {
    let refusals = unenforced(url)?;
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(SchemaError::Unenforced(refusals))
    }
}

/// Only the schema that we know will do.
pub(crate) fn require_current(state: SchemaState) -> Result<(), SchemaError> {
    match state {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(steps) => Err(SchemaError::Behind(steps)),
        SchemaState::Ahead(steps) => Err(SchemaError::Ahead(steps)),
        SchemaState::Foreign(reasons) => Err(SchemaError::Foreign(reasons)),
    }
}

/// What becomes of the schema while the server runs.
pub(crate) struct Watch {
    pub(crate) readiness: Readiness,
    /// None: all is well already.
    refusal: Option<oneshot::Receiver<SchemaError>>,
}

impl Watch {
    /// Comes back where the database was awaited and its schema is wrong: the server must not go on then, as it
    /// would not have started.
    pub(crate) async fn refusal(self) -> SchemaError {
        let Some(refusal) = self.refusal else {
            return pending().await;
        };
        match refusal.await {
            Ok(error) => error,
            Err(_all_is_well) => pending().await,
        }
    }
}

/// Prepares the schema and opens the gate. A database that cannot be used yet is awaited on a thread of its own,
/// while the server runs already.
///
/// # Errors
///
/// Where the database answers at once and its schema is wrong.
pub(crate) fn watch(url: &DatabaseUrl, config: &Config, gate: &Gate) -> Result<Watch, SchemaError> {
    let (first, readiness) = mpsc::sync_channel(1);
    let (refuse, mut refusal) = oneshot::channel();
    let (url, gate, mode) = (url.clone(), gate.clone(), config.mode);
    let config = config.clone();
    thread::spawn(move || {
        if let Err(error) = wait(&url, &config, &gate, &first) {
            let _nobody_waits_any_more = refuse.send(error);
        }
    });
    let patience = match mode {
        Mode::Development => PATIENCE_WITH_MIGRATIONS,
        Mode::Production => PATIENCE,
    };
    // The sender goes after a refusal is sent: nothing to wait for then.
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

/// Waits for the database until it can be used, and opens the gate where its schema is right. The first outcome of
/// all, unless it is an error, is handed to `first`.
fn wait(
    url: &DatabaseUrl,
    config: &Config,
    gate: &Gate,
    first: &mpsc::SyncSender<Readiness>,
) -> Result<(), SchemaError> {
    let mut pause = SHORTEST_PAUSE;
    let mut told = String::new();
    loop {
        match prepare(url, config) {
            Ok(()) => {
                gate.open();
                if !told.is_empty() {
                    tracing::info!("the database is there and its schema is right");
                }
                let _nobody_waits_any_more = first.try_send(Readiness::Ready);
                return Ok(());
            }
            Err(error @ SchemaError::Unusable(_)) => tell(&error, &mut told),
            Err(error) => return Err(error),
        }
        let _nobody_waits_any_more = first.try_send(Readiness::Awaited);
        thread::sleep(pause);
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// Logs that the database is awaited, once for each reason.
fn tell(error: &SchemaError, told: &mut String) {
    let text = chain(error);
    if *told != text {
        tracing::warn!(error = text, "waiting for the database");
        *told = text;
    }
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
    fn only_a_current_schema_will_do_and_others_say_what_to_do() {
        let said = |state| require_current(state).map_err(|error| error.to_string());
        let one = || vec!["1".to_owned()];
        assert_eq!(said(SchemaState::Current), Ok(()));
        for (state, mending) in [
            (SchemaState::Behind(one()), "run `portcullis migrate`"),
            (SchemaState::Ahead(one()), "run a newer portcullis"),
            (SchemaState::Foreign(one()), "has to be changed"),
        ] {
            assert!(said(state).unwrap_err().contains(mending), "{mending}");
        }
    }

    #[test]
    fn a_database_that_is_away_is_awaited_with_the_gate_closed() {
        let url = DatabaseUrl::parse("postgres://nobody@127.0.0.1:1/none").unwrap();
        let mut config = Config::load(&Inputs::default()).unwrap();
        for mode in [Mode::Development, Mode::Production] {
            config.mode = mode;
            let gate = Gate::default();
            let watch = watch(&url, &config, &gate).unwrap();
            assert_eq!(watch.readiness, Readiness::Awaited);
        }
    }
}
