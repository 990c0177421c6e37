//! The wire tests are one binary, `it`; this library is empty.
