//! Properties of routes.

use crate::features::Features;

/// Which path a route has in a deployment.
#[derive(Clone, Copy)]
pub(crate) enum Placement {
    /// Its own path, below the base path.
    BelowBasePath,
    /// The path that the configuration chooses, below the base path; otherwise its own.
    Configured(fn(&Features) -> Option<String>),
    /// Its own path, at the root.
    Root,
}

/// Who sends requests to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A client, for itself.
    Client,
    /// A proxy, for each request that it receives, so that one address or session asks often.
    Proxy,
}

/// The clients that receive the cookies of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipients {
    /// The client that sent the request.
    Browser,
    /// Also the application to which the response redirects: a sign-in ends here that the application began in a browser.
    BrowserAndApp,
}
