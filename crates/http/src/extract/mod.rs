//! Values that are read from requests.

pub(crate) mod additional;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod form;
pub(crate) mod listing;
pub(crate) mod media_type;
pub(crate) mod number;
pub(crate) mod payload;
pub(crate) mod query;
pub(crate) mod reader;
