//! Tests across several use cases.

mod cross_purpose;
