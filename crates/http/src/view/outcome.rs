//! The JSON of outcomes that contain nothing else.

use schemars::JsonSchema;
use serde::Serialize;

/// `{"status": true}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "It is done")]
pub(crate) struct Status {
    #[schemars(extend("const" = true))]
    status: bool,
}

/// `{"message": …}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "It is done")]
pub(crate) struct Message {
    message: &'static str,
}

/// `{"status": true, "message": …}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "It is done")]
pub(crate) struct StatusMessage {
    #[schemars(extend("const" = true))]
    status: bool,
    message: &'static str,
}

/// `{"success": true}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "It is done")]
pub(crate) struct Success {
    #[schemars(extend("const" = true))]
    success: bool,
}

/// `{"success": true, "message": …}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "It is done")]
pub(crate) struct SuccessMessage {
    #[schemars(extend("const" = true))]
    success: bool,
    message: &'static str,
}

/// The answer to a sign-in that waits for a second step.
// wire: clients recognize every challenge by this member.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline, description = "A second step must follow")]
pub(crate) struct Challenged {
    #[schemars(extend("const" = true))]
    two_factor_redirect: bool,
}

impl Status {
    pub(crate) const DONE: Self = Self { status: true };
}

impl Success {
    pub(crate) const DONE: Self = Self { success: true };
}

impl Challenged {
    pub(crate) const NOW: Self = Self {
        two_factor_redirect: true,
    };
}

impl Message {
    /// Returns the outcome with this message.
    pub(crate) const fn new(message: &'static str) -> Self {
        Self { message }
    }
}

impl StatusMessage {
    /// Returns the outcome with this message.
    pub(crate) const fn new(message: &'static str) -> Self {
        Self {
            status: true,
            message,
        }
    }
}

impl SuccessMessage {
    /// Returns the outcome with this message.
    pub(crate) const fn new(message: &'static str) -> Self {
        Self {
            success: true,
            message,
        }
    }
}
