//! Comparison of this machine's clock with the database's: a difference is logged.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use portcullis_application::{
    clock_check::ClockCheck,
    ports::{Failure, Ports, Store},
};

use crate::{
    chore::{Chore, Work},
    error::chain,
};

/// Compares the clocks.
struct ClockWatch {
    store: Arc<dyn Store>,
    clock_check: ClockCheck,
    differs: AtomicBool,
}

/// Returns the chore that compares the clocks.
pub(crate) fn chore(ports: &Ports) -> Chore {
    Chore {
        name: "compare the clocks",
        every: Duration::from_secs(10),
        work: Arc::new(ClockWatch {
            store: Arc::clone(&ports.store),
            clock_check: ports.clock_check.clone(),
            differs: AtomicBool::new(false),
        }),
    }
}

#[async_trait]
impl Work for ClockWatch {
    /// Logs when a difference appears and when it is gone. While the database does not answer, which is logged
    /// elsewhere, nothing is compared.
    async fn run(&self) -> Result<(), Failure> {
        let Ok(state) = self.store.state().await else {
            return Ok(());
        };
        let skew = self.clock_check.skew(state);
        let differed = self.differs.swap(skew.is_some(), Ordering::Relaxed);
        match skew {
            Some(skew) if !differed => tracing::error!(
                cause = chain(&skew),
                "the clocks of this machine and the database differ: the server is not ready and deletes nothing; synchronize them (NTP)"
            ),
            None if differed => tracing::info!("the clocks of this machine and the database agree again"),
            Some(_) | None => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use portcullis_application::testing::{FakePorts, FakeStore, fixtures::start};

    use super::*;
    use crate::telemetry::capture::LogCapture;

    #[tokio::test]
    async fn a_difference_is_logged_once_when_it_appears_and_once_when_it_is_gone() {
        let mut fake = FakePorts::with_store(FakeStore::default());
        let tolerance = Some(TimeDelta::seconds(5));
        fake.ports.clock_check = ClockCheck::new(fake.store.clone(), fake.clock.clone(), tolerance);
        let chore = chore(&fake.ports);
        let log = LogCapture::default();
        let logging = log.start();
        for hours in [0, 1, 1, 0, 0] {
            fake.store.set_time(start() - TimeDelta::hours(hours));
            chore.work.run().await.unwrap();
        }
        drop(logging);
        let lines = log.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("ERROR the clocks of this machine and the database differ"));
        assert!(lines[0].contains("by 3600 s"));
        assert_eq!(
            lines[1],
            "INFO  the clocks of this machine and the database agree again"
        );
    }
}
