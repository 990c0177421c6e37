//! Clients for tests.

use std::sync::Arc;

use portcullis_application::testing::FixedClock;
use portcullis_outbound::testing::TestServer;

use crate::client::Client;

/// Returns a client that may send requests to this server.
pub(crate) fn client(server: &TestServer, clock: &Arc<FixedClock>) -> Client {
    Client::new(server.client(), Arc::<FixedClock>::clone(clock))
}
