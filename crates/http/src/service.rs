//! The pipeline that every request passes, in the reference's order.

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        ConnectionType, Method, StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use portcullis_application::statistics::Statistics;
use tracing::Instrument as _;

use crate::{
    app::App,
    call::Call,
    connection::Connection,
    error::{ApiError, PLAIN_TEXT},
    extract::{body, query::Query, schema::Values},
    layer::{
        cors,
        guard::{self, Clock},
        head,
        rate_limit::{Counted, Counter},
        request_id,
        request_log::Entry,
        unread,
    },
    options::Options,
    origin, roll_call,
    route::Route,
};

/// Everything that answers requests.
pub(crate) struct Service {
    app: App,
    options: Options,
    base_path: String,
    /// The origin at which clients see us: its pages need no leave to read our answers.
    own_origin: HeaderValue,
    counter: Counter,
}

/// What a request is for.
enum Target {
    Route(&'static Route),
    Preflight(HttpResponse),
    /// A path that the deployment has switched off.
    Disabled,
    /// Nothing, said with this status.
    Nothing(StatusCode),
}

impl Target {
    /// What the log calls it.
    const fn name(&self) -> &'static str {
        match self {
            Self::Route(route) => route.path,
            Self::Preflight(_) => "preflight",
            Self::Disabled => "disabled",
            Self::Nothing(_) => "unmatched",
        }
    }
}

impl Service {
    pub(crate) fn new(app: App, mut options: Options) -> Self {
        options.trusted_origins = options.trusted_origins.with_own(&options.base_url);
        let base_path = options.base_path.trim_end_matches('/').to_owned();
        let own_origin = HeaderValue::from_str(&options.base_url.origin().ascii_serialization())
            .unwrap_or_else(|_| HeaderValue::from_static("null"));
        Self {
            app,
            options,
            base_path,
            own_origin,
            counter: Counter::default(),
        }
    }

    /// Answers whatever comes. Paths are compared as they stand, with nothing decoded or normalised, as actix's
    /// own router would do.
    pub(crate) fn mount(self: Arc<Self>, config: &mut web::ServiceConfig) {
        config.default_service(web::to(move |request: HttpRequest, payload: web::Payload| {
            let service = Arc::clone(&self);
            async move { service.answer(&request, payload.into_inner()).await }
        }));
    }

    async fn answer(&self, request: &HttpRequest, mut payload: Payload) -> HttpResponse {
        let arrival = Instant::now();
        let connection = request.conn_data::<Arc<Connection>>();
        let _busy = connection.map(|connection| connection.begin());
        let target = self.target(request);
        let id = request_id::of(request.headers(), self.app.random.as_ref());
        let entry = Entry {
            arrival,
            method: request.method(),
            route: target.name(),
            id: &id,
        };
        let statistics = Arc::new(Statistics::default());
        let span = entry.span();

        let serving = Arc::clone(&statistics).scope(self.serve(target, request, &mut payload));
        let outcome = guard::catch(serving).instrument(span.clone()).await;

        let (mut response, code) = span.in_scope(|| match outcome {
            Ok(response) => (response, ""),
            Err(error) => (error.respond(), error.code.name),
        });
        self.finish(request, &mut response, &id);
        if connection.is_none() {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        span.in_scope(|| entry.write(response.status().as_u16(), code, &statistics));
        unread::hold(payload, response)
    }

    fn target(&self, request: &HttpRequest) -> Target {
        let method = request.method();
        if method == Method::TRACE || method == Method::CONNECT {
            return Target::Nothing(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = request.uri().path();
        let below = path.strip_prefix(&self.base_path);
        if below.is_some_and(|below| self.options.disabled_paths.iter().any(|path| path == below)) {
            return Target::Disabled;
        }
        let route = roll_call::routes().find(|route| {
            let path = if route.is_under_base_path {
                below
            } else {
                Some(path)
            };
            method.as_str() == route.method && path == Some(route.path)
        });
        if let Some(route) = route {
            return Target::Route(route);
        }
        let preflight = self
            .is_ours(path)
            .then(|| cors::preflight(request, &self.options.trusted_origins))
            .flatten();
        preflight.map_or(Target::Nothing(StatusCode::NOT_FOUND), Target::Preflight)
    }

    /// Whether the path stands below the base path.
    fn is_ours(&self, path: &str) -> bool {
        path.strip_prefix(&self.base_path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    async fn serve(
        &self,
        target: Target,
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> Result<HttpResponse, ApiError> {
        let mut clock = Clock::start(self.options.limits.request);
        let counted = self.counted(&target, request);
        let counting = self
            .counter
            .admit(&self.app.rate_limit, counted, request, &self.options);
        clock.bound(counting).await?;
        head::check(request, self.options.limits.head)?;
        match target {
            Target::Route(route) => {
                let call = self.admit(route, request, payload, &mut clock).await?;
                clock.bound(route.endpoint.answer(call)).await
            }
            Target::Preflight(response) => Ok(response),
            Target::Disabled => Ok(disabled()),
            Target::Nothing(status) => Ok(HttpResponse::new(status)),
        }
    }

    /// What a request is counted as. A path is the same by whatever method somebody comes; whether the server lives
    /// is asked by machines that must always be answered.
    fn counted(&self, target: &Target, request: &HttpRequest) -> Counted {
        match target {
            Target::Preflight(_) => Counted::Never,
            Target::Route(route) if !route.is_under_base_path => Counted::Never,
            Target::Route(route) => Counted::Path(route.path),
            Target::Disabled => Counted::Unmatched,
            Target::Nothing(_) => {
                let below = request.uri().path().strip_prefix(&self.base_path);
                let route = roll_call::routes()
                    .filter(|route| route.is_under_base_path)
                    .find(|route| Some(route.path) == below);
                route.map_or(Counted::Unmatched, |route| Counted::Path(route.path))
            }
        }
    }

    /// What must hold before a handler is called.
    async fn admit<'a>(
        &'a self,
        route: &Route,
        request: &'a HttpRequest,
        payload: &mut Payload,
        clock: &mut Clock,
    ) -> Result<Call<'a>, ApiError> {
        let (limits, trusted) = (&self.options.limits, &self.options.trusted_origins);
        let query = Query::new(request.query_string());
        let changes = request.method() != Method::GET;

        let body = if changes {
            let reading = body::read(request, payload, route.media_types, limits.body);
            clock.wait_for_client(reading).await?
        } else {
            None
        };
        if changes {
            origin::check_with_cookies(request.headers(), trusted)?;
        }
        origin::check_urls(body.as_ref(), query, route.body, trusted)?;
        let body = match route.body {
            Some(schema) => schema.read(body, limits)?,
            None => Values::default(),
        };
        if route.is_way_in {
            origin::check_way_in(request.headers(), trusted)?;
        }

        Ok(Call {
            app: &self.app,
            options: &self.options,
            request,
            query,
            body,
        })
    }

    fn finish(&self, request: &HttpRequest, response: &mut HttpResponse, id: &str) {
        let is_ours = self.is_ours(request.uri().path());
        let headers = response.headers_mut();
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        request_id::echo(id, headers);
        if is_ours {
            cors::share(
                request.headers(),
                headers,
                &self.options.trusted_origins,
                &self.own_origin,
            );
        }
    }
}

/// wire: what the reference says at a path that is switched off; at one that never was it says nothing.
fn disabled() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type(PLAIN_TEXT)
        .body("Not Found")
}
