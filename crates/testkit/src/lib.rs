//! A server of its own for every test, and callers that talk to it over HTTP.
//!
//! Only tests depend on this crate. The server is the program's own, composed as the program composes it, with a
//! database of its own, a clock that the test moves and randomness that is the same in every run: the answers to
//! the same requests are equal to the byte. To add a feature's fixtures, make a file with the feature's name.

mod answer;
mod base64url;
mod caller;
mod document;
mod mailbox;
mod raw;
mod rows;
mod server;
mod signature;
mod wiring;

pub use answer::Answer;
pub use base64url::base64url;
pub use caller::{Call, Caller};
pub use document::assert_document;
pub use mailbox::{Letter, Mailbox};
pub use portcullis_test_database::TestDatabase;
pub use rows::{Held, hold, rows, shown};
pub use server::{BASE_URL, SECRET, TestServer, TestServerBuilder};
pub use signature::signature;
