//! A service of axum that accepts JWTs and sessions of a Portcullis server.
//!
//! Run it with the server's URL: `cargo run -p portcullis-verify --example axum --features axum,tower -- http://localhost:4400`

use axum::{Extension, Router, extract::FromRef, routing::get};
use portcullis_verify::{
    BuildError, Claims, SessionChecker, Verifier,
    axum::{Authenticated, SignedIn},
    tower::AuthenticationLayer,
};
use serde::Deserialize;

/// The deployment's own claims.
#[derive(Clone, Debug, Deserialize)]
struct Fields {
    email: String,
}

#[derive(Clone)]
struct App {
    verifier: Verifier,
    sessions: SessionChecker,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

impl FromRef<App> for SessionChecker {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

/// The router.
pub(crate) fn app(verifier: Verifier, sessions: SessionChecker) -> Router {
    // Every route of this router needs a token.
    let reports = Router::new()
        .route("/reports", get(reports))
        .layer(AuthenticationLayer::new(verifier.clone().with_fields::<Fields>()));
    Router::new()
        .route("/me", get(me))
        .route("/account", get(account))
        .with_state(App { verifier, sessions })
        .merge(reports)
}

/// Reads a bearer token.
async fn me(Authenticated(claims): Authenticated<Fields>) -> String {
    format!("{} {}", claims.sub, claims.fields.email)
}

/// Reads the session cookie, and asks the server.
async fn account(SignedIn(session): SignedIn) -> String {
    format!("{} {}", session.user.id, session.user.email)
}

/// Reads what the layer has verified.
async fn reports(Extension(claims): Extension<Claims<Fields>>) -> String {
    format!("reports of {}", claims.fields.email)
}

/// The verifier and the checker for a server.
pub(crate) fn clients(server: &str) -> Result<(Verifier, SessionChecker), BuildError> {
    let verifier = Verifier::builder()
        .issuer(server)
        .audience(server)
        .jwks_url(format!("{server}/api/auth/jwks"))
        .build()?;
    let sessions = SessionChecker::builder()
        .base_url(format!("{server}/api/auth"))
        .build()?;
    Ok((verifier, sessions))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().ok_or("usage: axum SERVER-URL [ADDRESS]")?;
    let address = arguments.next().unwrap_or("127.0.0.1:8000".to_owned());
    let (verifier, sessions) = clients(&server)?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app(verifier, sessions)).await?;
    Ok(())
}
