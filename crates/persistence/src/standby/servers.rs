//! The questions to both servers, by which a barrier is confirmed.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{
    StandbyError,
    barrier::{Primary, Standby},
    lease::Barrier,
};
use crate::{pool::Pool, unit_of_work::ask};

/// The operation, as logs name it.
const NAME: &str = "standby.barrier";

/// Pause between two questions to a standby that has not replayed enough.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(2);

/// The servers that are asked, each on a connection of its own.
pub(super) struct Servers {
    pub(super) primary: Pool,
    pub(super) standby: Pool,
}

impl Servers {
    /// Waits, at most for this time, until the standby has replayed what the primary has inserted by now.
    pub(super) async fn barrier(&self, limit: Duration) -> Result<Barrier, StandbyError> {
        let began = Instant::now();
        let primary = ask(NAME, &self.primary, Primary::ask)
            .await
            .map_err(|trouble| StandbyError::Primary(trouble.to_string()))?;
        loop {
            let standby = ask(NAME, &self.standby, Standby::ask)
                .await
                .map_err(|trouble| StandbyError::Standby(trouble.to_string()))?;
            if standby.has_replayed(&primary)? {
                return Ok(Barrier {
                    began,
                    server: standby.server,
                    position: primary.end(),
                });
            }
            if began.elapsed() >= limit {
                return Err(StandbyError::Lag);
            }
            sleep(BETWEEN_QUESTIONS).await;
        }
    }
}
