//! Why no route answers a request.

use actix_web::http::StatusCode;

/// Why no route answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The method is never allowed.
    Method,
    /// The path has routes for other methods.
    OtherMethod,
    /// The path is neither below the base path nor that of a page of the server.
    OutsideBasePath,
    /// A preflight from an origin that is not trusted, or from the server's own that is not listed.
    Preflight,
    /// The path belongs to a feature that the deployment has not enabled.
    Feature,
    /// The path is below the base path, but no feature has it.
    UnknownPath,
    /// The path has a route that private listeners do not answer.
    PrivateListener,
}

impl Reason {
    /// Returns the status of the response.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::OtherMethod
            | Self::OutsideBasePath
            | Self::Preflight
            | Self::Feature
            | Self::UnknownPath
            | Self::PrivateListener => StatusCode::NOT_FOUND,
        }
    }

    /// Returns the text for the log.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Method => "the method is not allowed",
            Self::OtherMethod => "the path has another method",
            Self::OutsideBasePath => "the path is not below the base path",
            Self::Preflight => "the origin is not trusted",
            Self::Feature => "the feature is disabled",
            Self::UnknownPath => "the path is unknown",
            Self::PrivateListener => "the private listener does not answer the path",
        }
    }
}
