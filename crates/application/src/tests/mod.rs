//! Promises that no single use case keeps alone.

mod cross_purpose;
