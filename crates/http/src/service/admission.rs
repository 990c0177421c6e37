//! The checks before a handler is called.

use std::sync::Arc;

use actix_web::{HttpRequest, dev::Payload};
use portcullis_application::seams::Decision;
use serde_json::Value;

use super::Service;
use crate::{
    call::Call,
    connection::Connection,
    endpoint::Accepted,
    error::ApiError,
    extract::{body::Raw, payload, query::QueryString},
    features::Core,
    layer::guard::Clock,
    origin,
    route::Route,
    route_table::Found,
};

impl Service {
    /// Performs the checks before a handler is called, and returns the rest of the work.
    pub(super) async fn admit(
        &self,
        found: &Found<'_>,
        request: &HttpRequest,
        payload: &mut Payload,
        clock: &mut Clock,
    ) -> Result<Accepted, ApiError> {
        let Found { route, entry, .. } = *found;
        let (limits, trusted) = (&self.options.limits, &self.options.trusted_origins);
        let names = &self.options.origin_headers;
        let query = QueryString::new(request.query_string());
        // wire: GET reports issues of the query before untrusted redirects. Other methods report untrusted redirects
        // first, then issues of the body, then those of the query.
        if route.method == "GET" {
            let accepted = entry(Raw { body: None, query }, limits)?;
            origin::check_urls(None, query, route.body(), trusted)?;
            return Ok(accepted);
        }

        let mut body = self.body(route, request, payload, clock).await?;
        origin::check_with_cookies(request.headers(), names, trusted)?;
        origin::check_urls(body.as_ref(), query, route.body(), trusted)?;
        self.prepare_user_input(route, &mut body, clock).await?;
        let accepted = entry(Raw { body, query }, limits)?;
        if route.rejects_foreign_sites {
            origin::check_without_cookies(request.headers(), names, trusted)?;
        }
        Ok(accepted)
    }

    /// Lets features check and change the members of a body that sets fields of a user.
    async fn prepare_user_input(
        &self,
        route: &Route,
        body: &mut Option<Value>,
        clock: &Clock,
    ) -> Result<(), ApiError> {
        let (Some(operation), Some(Value::Object(members))) = (route.user_operation, body) else {
            return Ok(());
        };
        let preparing = async { Ok(self.app.user_inputs.prepare(members, operation).await?) };
        match clock.bound(preparing).await? {
            Decision::Allowed => Ok(()),
            Decision::Refused(refusal) => Err(refusal.into()),
        }
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

    /// Returns the input of a handler.
    pub(super) fn call<'a>(&'a self, found: &Found<'a>, request: &'a HttpRequest) -> Call<'a> {
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
}
