//! Server with the crate `rustauth`: sign-up, sign-in and session checks on PostgreSQL, without rate limits.
//!
//! Reads DATABASE_URL and BIND, and creates the tables.

use std::{env, error::Error, net::SocketAddr};

use rustauth::{
    db::{AuthSchemaOptions, auth_schema},
    deadpool_postgres::DeadpoolPostgresBuilder,
    prelude::{EmailPasswordOptions, RateLimitOptions, RustAuth},
};
use rustauth_axum::{RustAuthAxumExt, RustAuthAxumOptions};
use tokio::net::TcpListener;

/// As many connections as Portcullis has on two cores.
const CONNECTIONS: usize = 6;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let bind = env::var("BIND")?;
    let adapter = DeadpoolPostgresBuilder::new()
        .database_url(env::var("DATABASE_URL")?)
        .schema(auth_schema(AuthSchemaOptions::default()))
        .max_size(CONNECTIONS)
        .connect()
        .await?;
    let auth = RustAuth::builder()
        .secret(env::var("BETTER_AUTH_SECRET")?)
        .base_url(format!("http://{bind}/api/auth"))
        .email_password(EmailPasswordOptions::new().enabled(true))
        .rate_limit(RateLimitOptions::new().enabled(false))
        .adapter(adapter)
        .build()
        .await?;
    auth.create_schema(None).await?;
    let routes = auth.mount_at_base_path(RustAuthAxumOptions::default())?;
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(TcpListener::bind(bind).await?, service).await?;
    Ok(())
}
