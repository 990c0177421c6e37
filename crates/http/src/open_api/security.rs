//! How clients authenticate themselves: the security schemes.

use serde_json::{Value, json};

use super::{
    deployment::{Deployment, mounted},
    json::set,
};
use crate::{app::App, roll_call};

/// Returns the security schemes of a deployment.
pub(super) fn schemes(app: &App, deployment: &Deployment<'_>) -> Value {
    let cookie = deployment.options.cookies.session_token.name.as_str();
    let mut schemes = json!({
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The session cookie, which a sign-in sets",
        },
    });
    if deployment.has_bearer_tokens {
        let bearer = json!({
            "type": "http",
            "scheme": "bearer",
            "description": "The session token of the header `set-auth-token`",
        });
        set(&mut schemes, "bearer", bearer);
    }
    if let Some(header) = &deployment.key_header {
        let key = json!({
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "An API key, which stands for a session of its owner",
        });
        set(&mut schemes, "key", key);
    }
    let mut routes = roll_call::routes();
    if routes.any(|route| route.is_for_services() && mounted(route, app, deployment.options).is_some()) {
        let service = json!({
            "type": "http",
            "scheme": "basic",
            "description": "The client id and the secret of a service, as the configuration declares them",
        });
        set(&mut schemes, "service", service);
    }
    schemes
}
