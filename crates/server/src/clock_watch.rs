//! Comparison of this machine's clock with the database's: a difference is logged.

use std::{convert::Infallible, time::Duration};

use portcullis_application::ports::Ports;

use crate::error::chain;

/// The pause between two comparisons.
const PAUSE: Duration = Duration::from_secs(10);

/// Compares the clocks now and after each pause, forever. Logs when a difference appears and when it is gone. While
/// the database does not answer, nothing is compared.
pub(crate) async fn repeat(ports: &Ports) -> Infallible {
    let mut differs = false;
    loop {
        if let Ok(state) = ports.store.state().await {
            let skew = ports.clock_check.skew(state);
            match skew {
                Some(skew) if !differs => tracing::error!(
                    cause = chain(&skew),
                    "the clocks of this machine and the database differ: the server is not ready and deletes nothing; synchronize them (NTP)"
                ),
                None if differs => tracing::info!("the clocks of this machine and the database agree again"),
                _ => {}
            }
            differs = skew.is_some();
        }
        ports.clock.sleep(PAUSE).await;
    }
}
