//! Reports in the log when this machine's clock and the database's differ.

use std::{convert::Infallible, time::Duration};

use portcullis_application::{
    health::{Health, NotReady},
    ports::Ports,
};

use crate::error::chain;

/// The pause between two comparisons.
const PAUSE: Duration = Duration::from_secs(10);

/// Compares the clocks at once and after each pause, for ever. A difference is logged when it appears and when it is
/// gone.
pub(crate) async fn repeat(ports: &Ports) -> Infallible {
    let health = Health::new(ports);
    let mut differs = false;
    loop {
        match (health.ready().await, differs) {
            (Err(NotReady::ClockSkew(skew)), false) => {
                differs = true;
                tracing::error!(
                    cause = chain(&skew),
                    "this server is not ready and deletes nothing: set this machine's clock or the database's (NTP)"
                );
            }
            (Ok(()), true) => {
                differs = false;
                tracing::info!("this machine's clock and the database's agree again");
            }
            _ => {}
        }
        ports.clock.sleep(PAUSE).await;
    }
}
