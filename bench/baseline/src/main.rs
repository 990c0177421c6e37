//! Lower bounds for the cost of a session check with the same libraries.
//!
//! A bare handler reads the token from the cookie, runs one query on a pooled connection, and returns JSON. It does not
//! check the signature or the expiry. A bare route returns a constant of the same size, without a database.

use std::{env, error::Error, thread};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, Responder,
    error::{ErrorInternalServerError, ErrorUnauthorized},
    get, web,
};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::{
    PgConnection,
    prelude::*,
    r2d2::{ConnectionManager, Pool},
};
use serde_json::{Value, json};

mod schema {
    diesel::table! {
        session (id) {
            id -> Text,
            #[sql_name = "expiresAt"] expires_at -> Timestamptz,
            token -> Text,
            #[sql_name = "createdAt"] created_at -> Timestamptz,
            #[sql_name = "updatedAt"] updated_at -> Timestamptz,
            #[sql_name = "ipAddress"] ip_address -> Nullable<Text>,
            #[sql_name = "userAgent"] user_agent -> Nullable<Text>,
            #[sql_name = "userId"] user_id -> Text,
        }
    }
    diesel::table! {
        user (id) {
            id -> Text,
            name -> Text,
            email -> Text,
            #[sql_name = "emailVerified"] email_verified -> Bool,
            image -> Nullable<Text>,
            #[sql_name = "createdAt"] created_at -> Timestamptz,
            #[sql_name = "updatedAt"] updated_at -> Timestamptz,
        }
    }
    diesel::joinable!(session -> user (user_id));
    diesel::allow_tables_to_appear_in_same_query!(session, user);
}

/// What the bare route returns: a session and a user of usual lengths.
const CONSTANT: &str = concat!(
    r#"{"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"0123456789abcdef0123456789abcdef","#,
    r#""createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"203.0.113.7","#,
    r#""userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","#,
    r#""userId":"0123456789abcdef0123456789abcdef","id":"0123456789abcdef0123456789abcdef"},"#,
    r#""user":{"name":"User 1234","email":"u1234@example.com","emailVerified":true,"image":null,"#,
    r#""createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","#,
    r#""id":"0123456789abcdef0123456789abcdef"}}"#,
);

type Database = Pool<ConnectionManager<PgConnection>>;
type Timestamp = DateTime<Utc>;
type Session = (
    String,
    Timestamp,
    String,
    Timestamp,
    Timestamp,
    Option<String>,
    Option<String>,
    String,
);
type User = (String, String, String, bool, Option<String>, Timestamp, Timestamp);

#[get("/api/auth/get-session")]
async fn get_session(
    request: HttpRequest,
    database: web::Data<Database>,
) -> actix_web::Result<impl Responder> {
    let token = token(&request).ok_or_else(|| ErrorUnauthorized("no cookie"))?;
    let found = web::block(move || find(&database, &token))
        .await?
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(found.map(|(session, user)| view(&session, &user))))
}

#[get("/api/auth/constant")]
async fn constant() -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(CONSTANT)
}

fn token(request: &HttpRequest) -> Option<String> {
    let cookies = request.headers().get("cookie")?.to_str().ok()?;
    let (_, value) = cookies.split_once("better-auth.session_token=")?;
    Some(value.split_once('.')?.0.to_owned())
}

fn find(database: &Database, token: &str) -> Result<Option<(Session, User)>, Box<dyn Error + Send + Sync>> {
    use schema::{session, user};
    Ok(session::table
        .inner_join(user::table)
        .filter(session::token.eq(token))
        .first(&mut database.get()?)
        .optional()?)
}

fn view(session: &Session, user: &User) -> Value {
    json!({
        "session": {
            "expiresAt": text(session.1), "token": session.2, "createdAt": text(session.3),
            "updatedAt": text(session.4), "ipAddress": session.5, "userAgent": session.6,
            "userId": session.7, "id": session.0,
        },
        "user": {
            "name": user.1, "email": user.2, "emailVerified": user.3, "image": user.4,
            "createdAt": text(user.5), "updatedAt": text(user.6), "id": user.0,
        },
    })
}

fn text(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[actix_web::main]
#[expect(clippy::disallowed_methods, reason = "the baseline has no configuration file")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let connections = 2 * u32::try_from(thread::available_parallelism()?.get())? + 2;
    let manager = ConnectionManager::<PgConnection>::new(env::var("DATABASE_URL")?);
    let pool = Pool::builder().max_size(connections).test_on_check_out(false);
    let database = web::Data::new(pool.build(manager)?);
    let app = move || {
        let app = App::new().app_data(database.clone());
        app.service(get_session).service(constant)
    };
    HttpServer::new(app).bind(env::var("BIND")?)?.run().await?;
    Ok(())
}
