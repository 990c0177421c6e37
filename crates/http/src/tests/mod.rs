//! Tests of the pipeline with fake ports.

mod additional;
mod answers;
mod any_method;
mod app;
mod bearer;
mod bodies;
mod callers;
mod cookie_cache;
mod cors;
mod crowd;
mod diagnosis;
mod inbox;
mod layers;
mod limits;
mod logging;
mod origins;
mod pieces;
mod routes;
mod routing;
mod secret_urls;
mod server;
mod sessions;
mod sign_in;
mod sign_up;
mod slow;
mod user_input;

use std::{future, sync::Arc, time::Duration};

use actix_web::{
    App as Actix,
    body::to_bytes,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
    test::{self, TestRequest},
};
use async_trait::async_trait;
use portcullis_application::{
    ports::{Failure, Ports, Repositories, Store, StoreState, UnitOfWork},
    testing::{FakePorts, FakeStore},
};
use portcullis_domain::{additional::FieldSchema, origin::TrustedOrigins};
use url::Url;

pub(crate) use self::{
    app::{app, app_with},
    logging::LogCapture,
};
use crate::{
    AddressHeaders, App, CookieOptions, Limits, Options, OriginHeaders, Pages, Route, roll_call,
    service::Service,
};

pub(super) const OWN: &str = "http://localhost:3000";
pub(super) const FRIEND: &str = "http://localhost:5173";
pub(super) const STRANGER: &str = "https://evil.test";
/// `token-1` with the fake signature.
pub(super) const TOKEN: &str =
    "better-auth.session_token=token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";
/// `true` with the fake signature.
pub(super) const DONT_REMEMBER: &str =
    "better-auth.dont_remember=true.dHJ1ZQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

/// A response that was read completely.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(header::SET_COOKIE)
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    /// Returns status and body, for one comparison.
    pub(super) fn status_and_body(&self) -> (u16, &str) {
        (self.status.as_u16(), &self.body)
    }
}

pub(crate) fn options() -> Options {
    Options {
        base_url: Url::parse(OWN).unwrap(),
        base_path: "/api/auth".to_owned(),
        disabled_paths: Vec::new(),
        trusted_origins: TrustedOrigins::new(vec![FRIEND.to_owned()]),
        origin_headers: OriginHeaders::default(),
        cookies: CookieOptions::new(false),
        user_fields: FieldSchema::default(),
        session_fields: FieldSchema::default(),
        pages: Pages {
            is_development: true,
            ..Pages::default()
        },
        trusted_proxies: Vec::new(),
        address_headers: AddressHeaders::default(),
        limits: Limits::default(),
        connections: 1000,
        workers: 1,
        drain: Duration::from_secs(1),
    }
}

/// Sends one request to a service with this store.
pub(super) async fn send(store: FakeStore, request: TestRequest) -> Answer {
    send_with(&FakePorts::with_store(store).ports, options(), request).await
}

/// Sends one request to a service whose store expects no call.
pub(super) async fn ask(request: TestRequest) -> Answer {
    send(FakeStore::default(), request).await
}

pub(super) fn send_with(
    ports: &Ports,
    options: Options,
    request: TestRequest,
) -> impl Future<Output = Answer> {
    send_with_app(app(ports), options, request)
}

pub(super) fn send_with_app(
    app: App,
    options: Options,
    request: TestRequest,
) -> impl Future<Output = Answer> {
    send_to(roll_call::routes(), app, options, request)
}

/// Sends one request to a service with these routes.
pub(super) fn send_to(
    routes: impl Iterator<Item = &'static Route>,
    app: App,
    options: Options,
    request: TestRequest,
) -> impl Future<Output = Answer> {
    let service = Arc::new(Service::with_routes(routes, app, options));
    async move {
        let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
        let response = test::call_service(&actix, request.to_request()).await;
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap(),
        }
    }
}

pub(super) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

/// Creates a request with a JSON body for a route below the base path.
pub(super) fn post(path: &str, body: impl Into<String>) -> TestRequest {
    let body: String = body.into();
    TestRequest::post()
        .uri(&format!("/api/auth{path}"))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_LENGTH, body.len()))
        .set_payload(body)
}

/// A store that fails in this way when its state is read.
#[derive(Clone, Copy)]
pub(super) enum FailingStore {
    Away,
    Broken,
    Hung,
}

#[async_trait]
impl Store for FailingStore {
    fn autocommit(&self) -> Box<dyn Repositories> {
        FakeStore::default().autocommit()
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        FakeStore::default().begin()
    }

    async fn state(&self) -> Result<StoreState, Failure> {
        match self {
            Self::Away => Err(Failure::unavailable("connection refused")),
            Self::Broken => Err(Failure::new("no such table")),
            Self::Hung => future::pending().await,
        }
    }
}

pub(super) fn ill(store: FailingStore) -> Ports {
    Ports {
        store: Arc::new(store),
        ..FakePorts::with_store(FakeStore::default()).ports
    }
}
