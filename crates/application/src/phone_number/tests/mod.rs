//! Outcomes on the wire are tested in `tests/it/phone_number`.

mod standing;
