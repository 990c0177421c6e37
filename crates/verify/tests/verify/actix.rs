//! The example of actix-web.

use actix_web::{App, HttpServer, web};

use crate::{
    portcullis::{Portcullis, check, check_outage, get},
    server::Reply,
};

#[path = "../../examples/actix.rs"]
mod example;

fn serve(portcullis: &Portcullis) -> String {
    let (verifier, sessions) = example::clients(&portcullis.server.url).unwrap();
    let server = HttpServer::new(move || {
        App::new().configure(|config| {
            example::app(config, verifier.clone(), sessions.clone());
        })
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    url
}

#[tokio::test]
async fn a_service_of_actix_accepts_tokens_and_sessions() {
    let portcullis = Portcullis::start().await;
    check(&serve(&portcullis), &portcullis).await;
}

#[tokio::test]
async fn a_service_of_actix_reports_an_outage() {
    let portcullis = Portcullis::start().await;
    portcullis.server.answer(Reply::status(503));
    check_outage(&serve(&portcullis), &portcullis).await;
}

/// Without a verifier, no request may pass.
#[tokio::test]
async fn an_app_without_a_verifier_responds_with_500() {
    async fn me(_: portcullis_verify::actix::Authenticated) -> &'static str {
        "reached"
    }
    let server = HttpServer::new(|| App::new().route("/me", web::get().to(me)))
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let url = format!("http://{}/me", server.addrs()[0]);
    tokio::spawn(server.run());
    let seen = get(&url, Some(("authorization", "Bearer a.b.c"))).await;
    assert_eq!(
        (seen.0, seen.2.as_str()),
        (500, "authentication is not configured")
    );
}
