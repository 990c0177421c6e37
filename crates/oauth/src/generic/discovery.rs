//! The provider's discovery document, read when it is needed and kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::ports::ProviderError;
use portcullis_domain::secret::Secret;
use tokio::{sync::OwnedMutexGuard, task::JoinHandle};

use super::{document::Document, tokens::exposed};
use crate::{
    client::Client,
    outage::{cause, host, unreachable},
};

/// How long a document is used without reading it again.
const FRESH_FOR: TimeDelta = TimeDelta::hours(1);
/// How long a document is used if it cannot be read again.
const USABLE_FOR: TimeDelta = TimeDelta::hours(24);
/// How long no attempt is made after a failed one.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// The discovery document of a provider.
pub(super) struct Discovery {
    url: String,
    headers: Vec<(String, Secret<String>)>,
    issuer: Option<String>,
    state: Mutex<State>,
    /// Locked by the task that reads the document.
    reading: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    document: Option<(Arc<Document>, DateTime<Utc>)>,
    failed_at: Option<DateTime<Utc>>,
}

impl Discovery {
    /// Returns the document at this URL, which is read with these headers. `issuer` is the configured issuer.
    pub(super) fn new(url: String, headers: Vec<(String, Secret<String>)>, issuer: Option<String>) -> Self {
        Self {
            url,
            headers,
            issuer,
            state: Mutex::default(),
            reading: Arc::default(),
        }
    }

    /// Returns the document. If it is older than an hour, it is returned at once and read again in the background. If it
    /// is unknown or older than a day, several concurrent callers wait for one attempt to read it.
    ///
    /// # Errors
    ///
    /// If it cannot be read, and was not read in the last 24 hours.
    pub(super) async fn document(self: &Arc<Self>, client: &Client) -> Result<Arc<Document>, ProviderError> {
        let now = client.now();
        if let Some(document) = self.known(now, FRESH_FOR) {
            return Ok(document);
        }
        if let Some(previous) = self.known(now, USABLE_FOR) {
            self.refresh(client, now);
            return Ok(previous);
        }
        let reading = Arc::clone(&self.reading).lock_owned().await;
        // The attempt of another caller may have ended while this one waited.
        let now = client.now();
        if let Some(document) = self.known(now, USABLE_FOR) {
            return Ok(document);
        }
        if self.has_failed(now) {
            return Err(unreachable(format!(
                "the last attempt to read the discovery document at {} failed less than 10 seconds ago",
                host(&self.url)
            )));
        }
        let outcome = self.start(client, reading).await;
        outcome.unwrap_or_else(|_| {
            Err(unreachable(
                "the attempt to read the discovery document was aborted".to_owned(),
            ))
        })
    }

    /// Reads the document in the background, unless another attempt is running, or failed a moment ago.
    fn refresh(self: &Arc<Self>, client: &Client, now: DateTime<Utc>) {
        let Ok(reading) = Arc::clone(&self.reading).try_lock_owned() else {
            return;
        };
        // Another attempt may have succeeded before the lock.
        if self.known(now, FRESH_FOR).is_none() && !self.has_failed(now) {
            drop(self.start(client, reading));
        }
    }

    /// Starts an attempt in a task, so that its outcome is recorded even if the request ends before.
    fn start(
        self: &Arc<Self>,
        client: &Client,
        reading: OwnedMutexGuard<()>,
    ) -> JoinHandle<Result<Arc<Document>, ProviderError>> {
        let (discovery, client) = (Arc::clone(self), client.clone());
        tokio::spawn(async move {
            let _reading = reading;
            discovery.read(&client).await
        })
    }

    async fn read(&self, client: &Client) -> Result<Arc<Document>, ProviderError> {
        let answer = client.get_json(&self.url, &exposed(&self.headers)).await;
        let document = answer.and_then(|answer| Document::read(&answer, &self.url, self.issuer.as_deref()));
        let now = client.now();
        match document {
            Ok(document) => {
                let document = Arc::new(document);
                *self.state() = State {
                    document: Some((Arc::clone(&document), now)),
                    failed_at: None,
                };
                Ok(document)
            }
            Err(error) => {
                self.state().failed_at = Some(now);
                // Without a document, the caller reports the error.
                if self.known(now, USABLE_FOR).is_some() {
                    let (host, cause) = (host(&self.url), cause(&error));
                    tracing::warn!(%host, %cause, "could not read the discovery document; using the previous one");
                }
                Err(error)
            }
        }
    }

    /// Returns the document if it is not older.
    fn known(&self, now: DateTime<Utc>, age: TimeDelta) -> Option<Arc<Document>> {
        let state = self.state();
        let (document, read_at) = state.document.as_ref()?;
        // Also false if the clock was set back by more.
        ((now - read_at).abs() < age).then(|| Arc::clone(document))
    }

    fn has_failed(&self, now: DateTime<Utc>) -> bool {
        let failed_at = self.state().failed_at;
        failed_at.is_some_and(|failed_at| (now - failed_at).abs() < PAUSE)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
