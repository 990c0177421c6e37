//! TLS of the clients.

use std::sync::OnceLock;

use native_tls::{Error, TlsConnector};

/// Returns the TLS of all clients of this process. It accepts the certificate authorities of the system, which are read
/// once: that takes most of the time in which a client is created.
///
/// # Errors
///
/// If TLS cannot be set up.
pub(super) fn connector() -> Result<TlsConnector, Error> {
    static CONNECTOR: OnceLock<TlsConnector> = OnceLock::new();
    if let Some(connector) = CONNECTOR.get() {
        return Ok(connector.clone());
    }
    let connector = TlsConnector::new()?;
    Ok(CONNECTOR.get_or_init(|| connector).clone())
}
