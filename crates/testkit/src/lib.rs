//! A separate server for every test, and HTTP clients for it.
//!
//! Only tests depend on this crate. The server is composed as the program composes it, with its own database, a clock
//! that the test moves and seeded randomness: in every run, the same requests get the same responses, byte for byte.
//! To add a feature's fixtures, create a file with the feature's name.

mod answer;
mod base64url;
mod basic;
mod caller;
mod document;
mod documented;
mod every_feature;
mod mailbox;
mod percent;
mod provider;
mod raw;
mod rows;
mod server;
mod service;
mod signature;
mod wiring;

pub use answer::Answer;
pub use base64url::base64url;
pub use basic::basic;
pub use caller::{Call, Caller};
pub use document::assert_document;
pub use mailbox::{Mailbox, SentMessage};
pub use percent::percent_encoded;
pub use portcullis_test_database::TestDatabase;
pub use provider::{
    CLIENT_ID, CLIENT_SECRET, ClientAuthentication, Fault, FaultyEndpoint, MockProvider, ReceivedRequest,
};
pub use rows::{OpenTransaction, open_transaction, rows, shown};
pub use server::{BASE_URL, SECRET, SERVICE_SECRET, TestServer, TestServerBuilder};
pub use service::{MockService, member};
pub use signature::{signature, signed};
