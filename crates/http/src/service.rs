//! The pipeline that every request passes, in Better Auth's order.

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
use serde_json::Value;
use tracing::Instrument as _;

use crate::{
    answer,
    app::App,
    call::Call,
    connection::Connection,
    credential::Schemes,
    decorate::ResponseDecorator,
    endpoint::{Accepted, Answering},
    error::{ApiError, PLAIN_TEXT},
    extract::{body::Raw, payload, query::QueryString},
    features::Core,
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
    route_table::{Found, Path, RouteTable},
};

/// Answers requests.
pub(crate) struct Service {
    app: App,
    options: Options,
    routes: RouteTable,
    base_path: String,
    /// The server's own origin. Its pages can read responses without CORS headers.
    own_origin: HeaderValue,
    counter: Counter,
    schemes: Schemes,
    decorators: Vec<Arc<dyn ResponseDecorator>>,
}

/// What a request asks for.
enum Target<'a> {
    Route(Found<'a>),
    Preflight(HttpResponse),
    /// A path that the deployment has disabled.
    Disabled,
    /// No route; the response has this status.
    Nothing(StatusCode),
}

impl Target<'_> {
    /// Returns the name of the target in the log.
    const fn name(&self) -> &'static str {
        match self {
            Self::Route(found) => found.route.path,
            Self::Preflight(_) => "preflight",
            Self::Disabled => "disabled",
            Self::Nothing(_) => "unmatched",
        }
    }
}

impl Service {
    /// Creates a service with all routes.
    pub(crate) fn new(app: App, options: Options) -> Self {
        Self::with_routes(roll_call::routes(), app, options)
    }

    /// Creates a service with those of `routes` that the application has.
    pub(crate) fn with_routes(
        routes: impl Iterator<Item = &'static Route>,
        app: App,
        mut options: Options,
    ) -> Self {
        options.trusted_origins = options.trusted_origins.with_own_origin(&options.base_url);
        let base_path = options.base_path.trim_end_matches('/').to_owned();
        let own_origin = HeaderValue::from_str(&options.base_url.origin().ascii_serialization())
            .unwrap_or_else(|_| HeaderValue::from_static("null"));
        Self {
            routes: RouteTable::new(routes, &app.features),
            options,
            base_path,
            own_origin,
            counter: Counter::default(),
            schemes: roll_call::schemes(&app.features),
            decorators: roll_call::decorators(&app.features),
            app,
        }
    }

    /// Handles every request. actix's own router is not used, because it decodes and normalises paths; here they are
    /// compared as they are sent.
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
        let hides_url = matches!(&target, Target::Route(found) if found.route.has_secret_url);
        let statistics = Arc::new(Statistics::default());
        let span = entry.span();

        let serving = Arc::clone(&statistics).scope(self.serve(target, request, &mut payload));
        let outcome = guard::catch(serving).instrument(span.clone()).await;

        let (mut response, code) = span.in_scope(|| match outcome {
            Ok(response) => (response, ""),
            Err(error) => (error.respond(), error.code.name),
        });
        if hides_url {
            answer::protect_url(response.headers_mut());
        }
        self.finish(request, &mut response, &id);
        if connection.is_some_and(|connection| connection.is_last_request()) {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        span.in_scope(|| entry.write(response.status().as_u16(), code, &statistics));
        unread::keep_payload(payload, response)
    }

    fn target<'a>(&'a self, request: &'a HttpRequest) -> Target<'a> {
        let method = request.method();
        if method == Method::TRACE || method == Method::CONNECT {
            return Target::Nothing(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = self.path(request);
        let found = self.routes.find(method, path);
        if self.is_disabled(path, found.as_ref()) {
            return Target::Disabled;
        }
        if let Some(found) = found {
            return Target::Route(found);
        }
        let preflight = self
            .is_ours(path.whole)
            .then(|| cors::preflight(request, &self.options.trusted_origins))
            .flatten();
        preflight.map_or(Target::Nothing(StatusCode::NOT_FOUND), Target::Preflight)
    }

    fn path<'a>(&self, request: &'a HttpRequest) -> Path<'a> {
        let whole = request.uri().path();
        Path {
            whole,
            below: whole.strip_prefix(&self.base_path),
        }
    }

    /// Returns whether the deployment has disabled the path, as it was sent or as its route declares it.
    fn is_disabled(&self, path: Path<'_>, found: Option<&Found<'_>>) -> bool {
        let declared = found
            .map(|found| found.route)
            .filter(|route| route.is_under_base_path);
        let names = [path.below, declared.map(|route| route.path)];
        let disabled = &self.options.disabled_paths;
        disabled.iter().any(|path| names.contains(&Some(path.as_str())))
    }

    /// Returns whether the path is below the base path.
    fn is_ours(&self, path: &str) -> bool {
        path.strip_prefix(&self.base_path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    async fn serve(
        &self,
        target: Target<'_>,
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
            Target::Route(found) => {
                let accepted = self.admit(&found, request, payload, &mut clock).await?;
                let answering = accepted(self.call(&found, request));
                clock.bound(self.decorated(answering)).await
            }
            Target::Preflight(response) => Ok(response),
            Target::Disabled => Ok(disabled()),
            Target::Nothing(status) => Ok(HttpResponse::new(status)),
        }
    }

    /// Returns what the request is counted as. A path counts the same for every method. Routes outside the base path
    /// are not counted, because health checks must always be answered.
    fn counted(&self, target: &Target<'_>, request: &HttpRequest) -> Counted {
        match target {
            Target::Preflight(_) => Counted::Never,
            Target::Route(found) if !found.route.is_under_base_path => Counted::Never,
            Target::Route(found) => Counted::Path(found.route.path, found.route.limit),
            Target::Disabled => Counted::Unmatched,
            Target::Nothing(_) => {
                let route = self.routes.of_any_method(self.path(request));
                route.map_or(Counted::Unmatched, |route| Counted::Path(route.path, route.limit))
            }
        }
    }

    /// Performs the checks before a handler is called, and returns the rest of the work.
    async fn admit(
        &self,
        found: &Found<'_>,
        request: &HttpRequest,
        payload: &mut Payload,
        clock: &mut Clock,
    ) -> Result<Accepted, ApiError> {
        let Found { route, entry, .. } = *found;
        let (limits, trusted) = (&self.options.limits, &self.options.trusted_origins);
        let query = QueryString::new(request.query_string());
        // wire: GET reports issues of the query before untrusted redirects. Other methods report untrusted redirects
        // first, then issues of the body, then those of the query.
        if route.method == "GET" {
            let accepted = entry(Raw { body: None, query }, limits)?;
            origin::check_urls(None, query, route.body(), trusted)?;
            return Ok(accepted);
        }

        let body = self.body(route, request, payload, clock).await?;
        origin::check_with_cookies(request.headers(), trusted)?;
        origin::check_urls(body.as_ref(), query, route.body(), trusted)?;
        let accepted = entry(Raw { body, query }, limits)?;
        if route.may_sign_in {
            origin::check_sign_in(request.headers(), trusted)?;
        }
        Ok(accepted)
    }

    async fn body(
        &self,
        route: &Route,
        request: &HttpRequest,
        payload: &mut Payload,
        clock: &mut Clock,
    ) -> Result<Option<Value>, ApiError> {
        let connection = request.conn_data::<Arc<Connection>>();
        let _awaiting = connection.map(|connection| connection.await_body());
        let reading = payload::read(request, payload, route.media_types, self.options.limits.body);
        clock.wait_for_client(reading).await
    }

    fn call<'a>(&'a self, found: &Found<'a>, request: &'a HttpRequest) -> Call<'a> {
        Call {
            app: &self.app,
            options: &self.options,
            request,
            schemes: &self.schemes,
            feature: Arc::new(Core),
            segment: found.segment,
            query: QueryString::new(request.query_string()),
        }
    }

    async fn decorated(&self, answering: Answering<'_>) -> Result<HttpResponse, ApiError> {
        let mut response = answering.await?;
        for decorator in &self.decorators {
            decorator.decorate(&self.options, &mut response).await;
        }
        Ok(response)
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

/// wire: Better Auth's response at a disabled path. At an unknown path its response has no body.
fn disabled() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type(PLAIN_TEXT)
        .body("Not Found")
}
