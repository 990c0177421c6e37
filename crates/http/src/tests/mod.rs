//! The pipeline with fakes behind it: what goes in, what comes out.

mod bodies;
mod callers;
mod cors;
mod layers;
mod limits;
mod logging;
mod origins;
mod routing;
mod server;
mod sessions;
mod sign_in;
mod sign_up;
mod slow;

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
    health::Health,
    password::{PasswordOptions, Passwords},
    ports::{Failure, Ports, Repositories, Store, UnitOfWork},
    rate_limit::RateLimit,
    session::{SessionRegistry, Sessions},
    sign_in::{SignIn, SignInOptions},
    sign_out::SignOut,
    sign_up::{SignUp, SignUpOptions},
    testing::{
        FakePorts, FakeStore,
        fixtures::{PASSWORD_POLICY, SESSION_POLICY},
    },
    user::UpdateUser,
};
use portcullis_domain::origin::TrustedOrigins;
use url::Url;

use crate::{App, Limits, Options, service::Service};

pub(super) const OWN: &str = "http://localhost:3000";
pub(super) const FRIEND: &str = "http://localhost:5173";
pub(super) const STRANGER: &str = "https://evil.test";
/// `token-1` as the fake signs it.
pub(super) const TOKEN: &str =
    "better-auth.session_token=token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";
/// `true` as the fake signs it.
pub(super) const DONT_REMEMBER: &str =
    "better-auth.dont_remember=true.dHJ1ZQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

/// A response, read to its end.
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

    /// Status and body, to be compared at once.
    pub(super) fn told(&self) -> (u16, &str) {
        (self.status.as_u16(), &self.body)
    }
}

pub(super) fn options() -> Options {
    Options {
        base_url: Url::parse(OWN).unwrap(),
        base_path: "/api/auth".to_owned(),
        disabled_paths: Vec::new(),
        trusted_origins: TrustedOrigins::new(vec![FRIEND.to_owned()]),
        secure_cookies: false,
        has_error_page: true,
        trusted_proxies: Vec::new(),
        limits: Limits::default(),
        workers: 1,
        drain: Duration::from_secs(1),
    }
}

pub(super) fn app(ports: &Ports) -> App {
    let sign_up = SignUpOptions {
        enabled: true,
        password: PASSWORD_POLICY,
        session: SESSION_POLICY,
    };
    let sign_in = SignInOptions {
        enabled: true,
        password: PASSWORD_POLICY,
        session: SESSION_POLICY,
        refusal_floor: Duration::ZERO,
        failed_sign_ins: None,
    };
    let passwords = PasswordOptions {
        policy: PASSWORD_POLICY,
        session: SESSION_POLICY,
        refusal_floor: Duration::ZERO,
        failed_sign_ins: None,
    };
    App {
        health: Health::new(ports),
        passwords: Passwords::new(ports, passwords),
        rate_limit: RateLimit::new(ports, None),
        session_registry: SessionRegistry::new(ports),
        sessions: Sessions::new(ports, SESSION_POLICY),
        sign_in: SignIn::new(ports, sign_in),
        sign_out: SignOut::new(ports),
        sign_up: SignUp::new(ports, sign_up),
        update_user: UpdateUser::new(ports, SESSION_POLICY),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    }
}

/// Sends one request to a service around this store.
pub(super) async fn send(store: FakeStore, request: TestRequest) -> Answer {
    send_with(&FakePorts::around(store).ports, options(), request).await
}

/// Sends one request to which the store has nothing to say.
pub(super) async fn ask(request: TestRequest) -> Answer {
    send(FakeStore::default(), request).await
}

pub(super) async fn send_with(ports: &Ports, options: Options, request: TestRequest) -> Answer {
    send_with_app(app(ports), options, request).await
}

pub(super) async fn send_with_app(app: App, options: Options, request: TestRequest) -> Answer {
    let service = Arc::new(Service::new(app, options));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let response = test::call_service(&actix, request.to_request()).await;
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap(),
    }
}

pub(super) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

/// JSON for a route below the base path.
pub(super) fn post(path: &str, body: impl Into<String>) -> TestRequest {
    let body: String = body.into();
    TestRequest::post()
        .uri(&format!("/api/auth{path}"))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_LENGTH, body.len()))
        .set_payload(body)
}

/// What a store has to say of its life.
#[derive(Clone, Copy)]
pub(super) enum Ill {
    Away,
    Broken,
    Hung,
}

#[async_trait]
impl Store for Ill {
    fn read(&self) -> Box<dyn Repositories> {
        FakeStore::default().read()
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        FakeStore::default().begin()
    }

    async fn ping(&self) -> Result<(), Failure> {
        match self {
            Self::Away => Err(Failure::unavailable("connection refused")),
            Self::Broken => Err(Failure::new("no such table")),
            Self::Hung => future::pending().await,
        }
    }
}

pub(super) fn ill(store: Ill) -> Ports {
    Ports {
        store: Arc::new(store),
        ..FakePorts::around(FakeStore::default()).ports
    }
}
