//! Reports in the log when this machine's clock and the database's differ.

use std::{convert::Infallible, time::Duration};

use portcullis_application::ports::Ports;

use crate::error::chain;

/// The pause between two comparisons.
const PAUSE: Duration = Duration::from_secs(10);

/// Compares the clocks at once and after each pause, for ever. A difference is logged when it appears and when it is
/// gone. While the database does not answer, nothing is compared.
pub(crate) async fn repeat(ports: &Ports) -> Infallible {
    let mut differs = false;
    loop {
        if let Ok(state) = ports.store.state().await {
            let skew = ports.clock_check.skew(state);
            match skew {
                Some(skew) if !differs => tracing::error!(
                    cause = chain(&skew),
                    "this server is not ready and deletes nothing: set this machine's clock or the database's (NTP)"
                ),
                None if differs => tracing::info!("this machine's clock and the database's agree again"),
                _ => {}
            }
            differs = skew.is_some();
        }
        ports.clock.sleep(PAUSE).await;
    }
}
