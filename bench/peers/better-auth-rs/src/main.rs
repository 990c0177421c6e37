//! Server with the crate `better-auth`: sign-up, sign-in and session checks on PostgreSQL, without rate limits.
//!
//! Reads DATABASE_URL, whose database must have the tables of `schema.sql`, and BIND.

use std::{env, error::Error, sync::Arc};

use axum::Router;
use better_auth::{
    AuthBuilder, AuthConfig, RateLimitConfig,
    adapters::{PoolConfig, SqlxAdapter},
    handlers::AxumIntegration,
    plugins::{EmailPasswordPlugin, SessionManagementPlugin},
};
use tokio::net::TcpListener;

/// As many connections as Portcullis has on two cores.
const CONNECTIONS: u32 = 6;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let bind = env::var("BIND")?;
    let pool = PoolConfig {
        max_connections: CONNECTIONS,
        ..PoolConfig::default()
    };
    let database = SqlxAdapter::with_config(&env::var("DATABASE_URL")?, pool).await?;
    let config = AuthConfig::new(env::var("BETTER_AUTH_SECRET")?).base_url(format!("http://{bind}"));
    let auth = AuthBuilder::new(config)
        .database(database)
        .rate_limit(RateLimitConfig::new().enabled(false))
        .plugin(EmailPasswordPlugin::new().enable_signup(true))
        .plugin(SessionManagementPlugin::new())
        .build()
        .await?;
    let auth = Arc::new(auth);
    let routes = Router::new().nest("/api/auth", Arc::clone(&auth).axum_router());
    axum::serve(TcpListener::bind(bind).await?, routes.with_state(auth)).await?;
    Ok(())
}
