use std::sync::Arc;

use actix_web::http::header;
use portcullis_application::{
    ports::{Inbox, InboxEntry},
    testing::{FakePorts, FakeStore},
};

use super::{Answer, app, get, options, send_with_app};
use crate::{App, Features};

struct Empty;

impl Inbox for Empty {
    fn newest_first(&self) -> Vec<InboxEntry> {
        Vec::new()
    }
}

async fn look(name: &str, value: &str) -> Answer {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let app = App {
        features: Features::default().with(Some(Arc::new(Empty) as Arc<dyn Inbox>)),
        ..app(&ports)
    };
    let request = get("/dev/inbox")
        .insert_header((header::HOST, "localhost:3000"))
        .insert_header((name, value));
    send_with_app(app, options(), request).await
}

/// Requests of a proxy on this machine come from this machine, and may name it in `Host`.
#[actix_web::test]
async fn the_inbox_is_not_served_to_clients_behind_a_proxy() {
    for (name, value) in [
        ("forwarded", "for=203.0.113.9"),
        ("via", "1.1 proxy"),
        ("x-real-ip", "203.0.113.9"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", ""),
    ] {
        assert_eq!(look(name, value).await.status_and_body(), (404, ""), "{name}");
    }
    for (name, value) in [
        ("x-request-id", "1"),
        ("accept", "text/html"),
        ("host", "127.0.0.1"),
    ] {
        assert_eq!(look(name, value).await.status, 200, "{name}");
    }
}
