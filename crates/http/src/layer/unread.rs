//! Request bodies that are not read completely.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::Payload,
    web::Bytes,
};

/// A response's body that keeps the request's body alive. actix closes the connection after a response whose request
/// was not read to its end, and waits only briefly for the rest. If a chunked request body is dropped before, actix
/// waits for its end without a limit.
struct BodyWithPayload {
    body: BoxBody,
    _payload: Payload,
}

impl MessageBody for BodyWithPayload {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(cx)
    }
}

/// Keeps the request's body until the response is written.
pub(crate) fn keep_payload(payload: Payload, response: HttpResponse) -> HttpResponse {
    if matches!(payload, Payload::None) {
        return response;
    }
    let with_payload = |body| BodyWithPayload {
        body,
        _payload: payload,
    };
    response.map_body(|_head, body| BoxBody::new(with_payload(body)))
}
