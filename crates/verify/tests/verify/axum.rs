//! The example of axum.

use tokio::net::TcpListener;

use crate::{
    portcullis::{Portcullis, check, check_outage},
    server::Reply,
};

#[path = "../../examples/axum.rs"]
#[expect(dead_code, reason = "the test starts the router itself")]
mod example;

async fn serve(portcullis: &Portcullis) -> String {
    let (verifier, sessions) = example::clients(&portcullis.server.url).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, example::app(verifier, sessions)).await });
    url
}

#[tokio::test]
async fn a_service_of_axum_accepts_tokens_and_sessions() {
    let portcullis = Portcullis::start().await;
    check(&serve(&portcullis).await, &portcullis).await;
}

#[tokio::test]
async fn a_service_of_axum_reports_an_outage() {
    let portcullis = Portcullis::start().await;
    portcullis.server.answer(Reply::status(503));
    check_outage(&serve(&portcullis).await, &portcullis).await;
}
