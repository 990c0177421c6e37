//! Tests of the use cases of organizations.
