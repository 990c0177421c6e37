//! What a client has not yet sent when it is answered.

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

/// A response's body, and with it the request's. actix closes the connection after a response whose request was not
/// read to its end, and waits for the rest for a moment only. Where nobody holds a chunked body any more it would
/// wait for its end instead, for ever.
struct Holding {
    body: BoxBody,
    _payload: Payload,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(cx)
    }
}

/// Keeps the request's body until the response is written.
pub(crate) fn hold(payload: Payload, response: HttpResponse) -> HttpResponse {
    if matches!(payload, Payload::None) {
        return response;
    }
    let hold = |body| Holding {
        body,
        _payload: payload,
    };
    response.map_body(|_head, body| BoxBody::new(hold(body)))
}
