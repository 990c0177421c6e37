//! A service of actix-web that accepts JWTs and sessions of a Portcullis server.
//!
//! Run it with the server's URL: `cargo run -p portcullis-verify --example actix --features actix -- http://localhost:4400`

use actix_web::{
    App, HttpServer,
    web::{Data, ReqData, ServiceConfig, get, scope},
};
use portcullis_verify::{
    BuildError, Claims, SessionChecker, Verifier,
    actix::{Authenticated, Authentication, SignedIn},
};
use serde::Deserialize;

/// The deployment's own claims.
#[derive(Clone, Debug, Deserialize)]
struct Fields {
    email: String,
}

/// The routes.
pub(crate) fn app(config: &mut ServiceConfig, verifier: Verifier, sessions: SessionChecker) {
    // Every route of this scope needs a token.
    let reports = scope("/reports")
        .wrap(Authentication::new(verifier.clone().with_fields::<Fields>()))
        .route("", get().to(reports));
    config
        .app_data(Data::new(verifier))
        .app_data(Data::new(sessions))
        .route("/me", get().to(me))
        .route("/account", get().to(account))
        .service(reports);
}

/// Reads a bearer token.
async fn me(Authenticated(claims): Authenticated<Fields>) -> String {
    format!("{} {}", claims.sub, claims.fields.email)
}

/// Reads the session cookie, and asks the server.
async fn account(SignedIn(session): SignedIn) -> String {
    format!("{} {}", session.user.id, session.user.email)
}

/// Reads what the middleware has verified.
async fn reports(claims: ReqData<Claims<Fields>>) -> String {
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

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().ok_or("usage: actix SERVER-URL [ADDRESS]")?;
    let address = arguments.next().unwrap_or("127.0.0.1:8000".to_owned());
    // Created once: all workers share the keys.
    let (verifier, sessions) = clients(&server)?;
    HttpServer::new(move || App::new().configure(|config| app(config, verifier.clone(), sessions.clone())))
        .bind(address)?
        .run()
        .await?;
    Ok(())
}
