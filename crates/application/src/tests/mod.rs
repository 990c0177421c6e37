//! Tests across several use cases.

mod cross_purpose;
pub(crate) mod log;
