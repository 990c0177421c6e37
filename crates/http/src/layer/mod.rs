//! Layers around the pipeline, which apply to every request and response.

pub(crate) mod cors;
pub(crate) mod forwarding;
pub(crate) mod guard;
pub(crate) mod head;
pub(crate) mod rate_limit;
pub(crate) mod request_id;
pub(crate) mod request_log;
pub(crate) mod response_head;
pub(crate) mod unread;
pub(crate) mod vocabulary;
