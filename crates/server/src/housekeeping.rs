//! Periodic deletion of rows that are no longer needed.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::{housekeeping::Housekeeping, ports::Failure};

use crate::chore::{Chore, Work};

/// Returns the chore that deletes.
pub(crate) fn chore(housekeeping: Housekeeping) -> Chore {
    Chore {
        name: "delete obsolete rows",
        every: Duration::from_mins(5),
        work: Arc::new(housekeeping),
    }
}

#[async_trait]
impl Work for Housekeeping {
    async fn run(&self) -> Result<(), Failure> {
        for deleted in self.sweep().await? {
            if deleted.number > 0 {
                tracing::debug!(
                    rows = deleted.rows,
                    number = deleted.number,
                    "housekeeping deleted rows"
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use portcullis_application::{
        housekeeping::HousekeepingOptions,
        testing::{FakePorts, FakeStore, FakeUnitOfWork},
    };

    use super::*;
    use crate::telemetry::capture::LogCapture;

    #[tokio::test]
    async fn a_round_logs_how_many_rows_of_each_kind_it_has_deleted() {
        let mut unit = FakeUnitOfWork::default();
        unit.sessions.expect_delete_expired().returning(|_, _| Ok(1));
        unit.rate_limits.expect_delete_stale().returning(|_, _| Ok(2));
        unit.known_addresses.expect_delete_stale().returning(|_, _| Ok(0));
        unit.verifications.expect_delete_expired().returning(|_, _| Ok(3));
        unit.messages.expect_delete_old().returning(|_, _| Ok(4));
        let fake = FakePorts::with_store(FakeStore::new(vec![unit], Vec::new()));
        let options = HousekeepingOptions {
            counts: TimeDelta::hours(1),
            known_addresses: TimeDelta::days(30),
            messages: TimeDelta::days(7),
        };
        let chore = chore(Housekeeping::new(&fake.ports, options.deletions()));

        let log = LogCapture::default();
        let logging = log.start();
        chore.work.run().await.unwrap();
        drop(logging);
        let expected = [
            "sessions number=1",
            "counts number=2",
            "verifications number=3",
            "messages number=4",
        ];
        assert_eq!(
            log.lines(),
            expected.map(|rows| format!("DEBUG housekeeping deleted rows rows={rows}"))
        );
    }
}
