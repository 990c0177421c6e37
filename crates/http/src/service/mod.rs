//! The pipeline that every request passes, in Better Auth's order.

mod admission;
mod checks;
mod counting;
mod reason;
mod routing;
mod target;

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        ConnectionType, Method,
        header::{self, HeaderMap, HeaderValue},
    },
    web,
};
use portcullis_application::statistics::Statistics;
use tracing::Instrument as _;

use self::{counting::Counting, target::Target};
use crate::{
    answer,
    app::App,
    call::Call,
    connection::Connection,
    credential::{KeyScheme, Schemes},
    decorate::{self, Decorating, ResponseDecorator},
    discovery,
    endpoint::Answering,
    error::{ApiError, ErrorForm, PLAIN_TEXT},
    layer::{
        cors,
        forwarding::ForwardingCheck,
        guard::{self, TimeLimit},
        head,
        rate_limit::{Counted, Counter, Sender},
        request_id,
        request_log::{Entry, Unanswered},
        response_head, unread,
        vocabulary::Vocabulary,
    },
    options::Options,
    origin::OriginLog,
    roll_call,
    route::Route,
    route_check::RouteCheck,
    route_table::RouteTable,
};

/// Answers requests.
pub(crate) struct Service {
    app: App,
    options: Options,
    routes: RouteTable,
    base_path: String,
    /// The server's own origin, unless it is listed. Its pages can read responses without CORS headers.
    own_origin: Option<HeaderValue>,
    origin_log: OriginLog,
    vocabulary: Vocabulary,
    counter: Counter,
    forwarding: ForwardingCheck,
    schemes: Schemes,
    /// The way in which keys stand for sessions, if they do.
    key_scheme: Option<Arc<dyn KeyScheme>>,
    decorators: Vec<Arc<dyn ResponseDecorator>>,
    route_checks: Vec<Arc<dyn RouteCheck>>,
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
        let app = App {
            features: discovery::enable(app.features, &options),
            ..app
        };
        options.trusted_origins = options.trusted_origins.with_own_origin(&options.base_url);
        let base_path = options.base_path.trim_end_matches('/').to_owned();
        let own_origin = HeaderValue::from_str(&options.origin())
            .ok()
            .filter(|_| !options.trusted_origins.lists_own());
        Self {
            routes: RouteTable::new(routes, &app.features),
            options,
            own_origin,
            origin_log: OriginLog::new(Arc::clone(&app.clock)),
            vocabulary: Vocabulary::new(&base_path),
            counter: Counter::default(),
            forwarding: ForwardingCheck::default(),
            schemes: roll_call::schemes(&app.features),
            key_scheme: roll_call::key_scheme(&app.features),
            decorators: roll_call::decorators(&app.features),
            route_checks: roll_call::route_checks(&app.features),
            base_path,
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
        let unanswered = target.reason().map(|reason| Unanswered {
            reason,
            path: self.vocabulary.known(request.uri().path()),
        });
        let route = target.route();
        let hides_url = route.is_some_and(|route| route.has_secret_url);
        let constant_headers = route.map_or(&[][..], |route| route.constant_headers);
        let error_form = route.map_or(ErrorForm::BetterAuth, Route::error_form);
        let is_for_services = route.is_some_and(Route::is_for_services);
        let has_changed_something = hides_url || request.method() != Method::GET;
        let statistics = Arc::new(Statistics::default());
        let span = entry.span();

        let serving = Arc::clone(&statistics).scope(self.serve(target, request, &mut payload));
        let outcome = guard::catch(serving).instrument(span.clone()).await;

        let (mut response, code) = span.in_scope(|| match outcome {
            Ok(response) => (response, ""),
            Err(error) => (error.respond(error_form), error.code.name),
        });
        answer::complete(response.headers_mut(), constant_headers);
        if hides_url {
            answer::protect_url(response.headers_mut());
        }
        span.in_scope(|| self.finish(request, &mut response, (&id, is_for_services)));
        response_head::fit(
            request.headers(),
            &mut response,
            &self.options,
            has_changed_something,
        );
        if connection.is_some_and(|connection| connection.is_last_request()) {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        span.in_scope(|| entry.write(response.status().as_u16(), code, &statistics, unanswered.as_ref()));
        unread::keep_payload(payload, response)
    }

    async fn serve(
        &self,
        target: Target<'_>,
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> Result<HttpResponse, ApiError> {
        let limits = &self.options.limits;
        let checks = self.begin_checks(&target, request)?;
        let extra = self.extra_time(&target, !checks.is_empty());
        let mut time_limit = TimeLimit::start(limits.request, extra);
        self.forwarding.check(request, &self.options.trusted_proxies);
        let head = head::check(request, self.options.limits.head);
        // The cookies of a long head are not read.
        let Counting { counted, session } = self.counting(&target, request, head.is_ok());
        let session = session.as_ref();
        let sender = Sender { request, session };
        time_limit.bound(self.count(counted.on_arrival(), sender)).await?;
        let outcome = match head {
            Ok(()) => {
                for check in checks {
                    time_limit.bound(check).await?;
                }
                self.reach(target, request, payload, &mut time_limit).await
            }
            Err(error) => Err(error),
        };
        if outcome.as_ref().is_err_and(ApiError::is_rejection) {
            time_limit
                .bound(self.count(counted.on_rejection(), sender))
                .await?;
        }
        outcome
    }

    /// Counts a request, or rejects it.
    fn count<'a>(
        &'a self,
        counted: Counted,
        sender: Sender<'a>,
    ) -> impl Future<Output = Result<(), ApiError>> + 'a {
        self.counter
            .check(&self.app.rate_limit, counted, sender, &self.options)
    }

    /// Calls the handler of the route, or returns the response to a request without a route.
    async fn reach(
        &self,
        target: Target<'_>,
        request: &HttpRequest,
        payload: &mut Payload,
        time_limit: &mut TimeLimit,
    ) -> Result<HttpResponse, ApiError> {
        match target {
            Target::Route(found) => {
                let (accepted, by_key) = self.admit(&found, request, payload, time_limit).await?;
                let call = self.call(&found, request);
                let answering = accepted(Call { by_key, ..call });
                time_limit
                    .bound(self.decorated(found.route, request, answering))
                    .await
            }
            Target::Preflight(response) => Ok(response),
            Target::Disabled => Ok(disabled()),
            Target::Nothing(reason) => Ok(HttpResponse::new(reason.status())),
        }
    }

    async fn decorated(
        &self,
        route: &Route,
        request: &HttpRequest,
        answering: Answering<'_>,
    ) -> Result<HttpResponse, ApiError> {
        let mut response = answering.await?;
        let none = HeaderMap::new();
        let at = Decorating {
            route,
            options: &self.options,
            app: &self.app,
            request,
            presented: if decorate::is_for_application(&response) {
                &none
            } else {
                request.headers()
            },
            schemes: &self.schemes,
        };
        for decorator in &self.decorators {
            decorator.decorate(at, &mut response).await;
        }
        decorate::withhold_cookies(&mut response);
        Ok(response)
    }

    fn finish(
        &self,
        request: &HttpRequest,
        response: &mut HttpResponse,
        (id, is_for_services): (&str, bool),
    ) {
        let is_for_pages = !is_for_services && self.is_ours(request.uri().path());
        let headers = response.headers_mut();
        let is_for_all_origins = headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        request_id::echo(id, headers);
        if is_for_pages && !is_for_all_origins {
            cors::share(
                request.headers(),
                headers,
                &self.options.trusted_origins,
                self.own_origin.as_ref(),
            );
            self.origin_log
                .note_hidden(request, &self.options.trusted_origins, self.own_origin.as_ref());
        }
    }
}

/// wire: Better Auth's response at a disabled path. At an unknown path its response has no body.
fn disabled() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type(PLAIN_TEXT)
        .body("Not Found")
}
