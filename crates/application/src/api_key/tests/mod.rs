//! Tests of API keys.
