//! The checks before a handler is called.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
};
use portcullis_application::{seams::Decision, session::StrictCaller};
use serde_json::Value;

use super::Service;
use crate::{
    call::Call,
    code,
    connection::Connection,
    credential::{Credentials, Presented},
    endpoint::Accepted,
    error::ApiError,
    extract::{body::Raw, payload, query::QueryString},
    features::Core,
    layer::guard::TimeLimit,
    options::Options,
    origin,
    route::{ForeignSites, Route},
    route_table::Found,
};

impl Service {
    /// Performs the checks before a handler is called, and returns the rest of the work, with the caller who presents a
    /// key instead of a session.
    pub(super) async fn admit(
        &self,
        found: &Found<'_>,
        request: &HttpRequest,
        payload: &mut Payload,
        time_limit: &mut TimeLimit,
    ) -> Result<(Accepted, Option<StrictCaller>), ApiError> {
        let Found { route, entry, .. } = *found;
        let (limits, trusted) = (&self.options.limits, &self.options.trusted_origins);
        let query = QueryString::new(request.query_string());
        if route.answers_any_method() {
            let nothing = QueryString::new("");
            let raw = Raw {
                body: None,
                query: nothing,
            };
            return Ok((entry(raw, limits)?, None));
        }
        // wire: GET reports issues of the query before untrusted redirects. Other methods report untrusted redirects
        // first, then issues of the body, then those of the query.
        if route.method == "GET" {
            let by_key = self.caller_by_key(found, request, time_limit).await?;
            let accepted = entry(Raw { body: None, query }, limits)?;
            origin::check_urls(route.query(), None, query, route.body(), trusted)?;
            return Ok((accepted, by_key));
        }

        let mut body = self.body(route, request, payload, time_limit).await?;
        if route.is_for_services() {
            return Ok((entry(Raw { body, query }, limits)?, None));
        }
        // wire: for clients without cookies, issues of the body are reported first.
        let has_cookies = request.headers().contains_key(header::COOKIE);
        if has_cookies && route.foreign_sites != ForeignSites::Always {
            self.check_origin(request.headers())?;
        }
        origin::check_urls(None, body.as_ref(), query, route.body(), trusted)?;
        let by_key = self.caller_by_key(found, request, time_limit).await?;
        self.prepare_user_input(route, &mut body, time_limit).await?;
        let accepted = entry(Raw { body, query }, limits)?;
        if route.foreign_sites == ForeignSites::Never {
            self.check_navigation(request.headers())?;
            self.check_origin(request.headers())?;
        }
        Ok((accepted, by_key))
    }

    /// Returns the caller who presents a key instead of a session. Like Better Auth, a key is looked up at every route
    /// below the base path, and an invalid one is an error also if the route needs no caller.
    async fn caller_by_key(
        &self,
        found: &Found<'_>,
        request: &HttpRequest,
        time_limit: &TimeLimit,
    ) -> Result<Option<StrictCaller>, ApiError> {
        let scheme = self.key_scheme.as_ref().filter(|_| found.route.may_present_key());
        let Some(scheme) = scheme else {
            return Ok(None);
        };
        let call = self.call(found, request);
        let Some(looking_up) = scheme.look_up(&call) else {
            return Ok(None);
        };
        if !found.route.accepts_keys() {
            return Err((&code::KEY_IS_NOT_ACCEPTED).into());
        }
        let session = time_limit.bound(looking_up).await?;
        Ok(Some(self.app.sessions.caller_of_key(session)))
    }

    /// Requires that a page of a trusted origin sent the request, or a client that is not a browser.
    ///
    /// A request that is authenticated by `Authorization` needs no check: browsers do not add this header by
    /// themselves, and pages of origins that are not trusted may not set it.
    fn check_origin(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        if self.is_authenticated_by_header(headers) {
            return Ok(());
        }
        let Options {
            origin_headers,
            trusted_origins,
            ..
        } = &self.options;
        origin::check(headers, origin_headers, trusted_origins).map_err(|refused| {
            self.origin_log.note(refused.origin, trusted_origins);
            refused.into()
        })
    }

    /// Rejects navigations of pages of other sites, unless the request has a session already. The log of origins does
    /// not contain them: they are rejected even if their origin is trusted.
    fn check_navigation(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        if !self.presented(headers).tokens.is_empty() {
            return Ok(());
        }
        origin::check_navigation(headers, &self.options.origin_headers).map_err(Into::into)
    }

    fn is_authenticated_by_header(&self, headers: &HeaderMap) -> bool {
        let presented = self.presented(headers);
        !presented.tokens.is_empty() && !presented.is_in_cookie
    }

    pub(super) fn presented(&self, headers: &HeaderMap) -> Presented {
        self.schemes.presented(Credentials {
            headers,
            mac: self.app.mac.as_ref(),
            cookies: &self.options.cookies,
        })
    }

    /// Lets features check and change the members of a body that sets fields of a user.
    async fn prepare_user_input(
        &self,
        route: &Route,
        body: &mut Option<Value>,
        time_limit: &TimeLimit,
    ) -> Result<(), ApiError> {
        let (Some(operation), Some(Value::Object(members))) = (route.user_operation, body) else {
            return Ok(());
        };
        let preparing = async { Ok(self.app.user_inputs.prepare(members, operation).await?) };
        match time_limit.bound(preparing).await? {
            Decision::Allowed => Ok(()),
            Decision::Refused(refusal) => Err(refusal.into()),
        }
    }

    async fn body(
        &self,
        route: &Route,
        request: &HttpRequest,
        payload: &mut Payload,
        time_limit: &mut TimeLimit,
    ) -> Result<Option<Value>, ApiError> {
        let connection = request.conn_data::<Arc<Connection>>();
        let _awaiting = connection.map(|connection| connection.await_body());
        let reading = payload::read(
            request,
            payload,
            (route.media_types, route.form_rules()),
            self.options.limits.body,
        );
        time_limit.wait_for_client(reading).await
    }

    /// Returns the input of a handler.
    pub(super) fn call<'a>(&'a self, found: &Found<'a>, request: &'a HttpRequest) -> Call<'a> {
        Call {
            app: &self.app,
            options: &self.options,
            request,
            schemes: &self.schemes,
            by_key: None,
            feature: Arc::new(Core),
            is_personal: found.route.is_personal,
            segment: found.segment,
            tail: found.tail,
            query: QueryString::new(request.query_string()),
        }
    }
}
