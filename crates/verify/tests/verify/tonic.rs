//! The example of tonic.

use tokio::net::TcpListener;
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};
use tonic_prost::ProstCodec;

use crate::{portcullis::Portcullis, server::Reply};

#[path = "../../examples/tonic.rs"]
#[expect(dead_code, reason = "the test starts the service itself")]
mod example;

use example::{Greeting, Name};

async fn serve(portcullis: &Portcullis) -> Channel {
    let verifier = example::verifier(&portcullis.server.url).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(example::serve(verifier, listener));
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect().await.unwrap()
}

async fn hello(channel: &Channel, token: Option<&str>) -> Result<String, Status> {
    let mut client = Grpc::new(channel.clone());
    client.ready().await.unwrap();
    let mut request = Request::new(Name {
        name: "Hello".to_owned(),
    });
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    let path = PathAndQuery::from_static("/greeter.Greeter/SayHello");
    let codec = ProstCodec::<Name, Greeting>::default();
    let response = client.unary(request, path, codec).await?;
    Ok(response.into_inner().text)
}

#[tokio::test]
async fn a_service_of_tonic_accepts_tokens() {
    let portcullis = Portcullis::start().await;
    let channel = serve(&portcullis).await;
    let greeting = hello(&channel, Some(&portcullis.token(900))).await.unwrap();
    assert_eq!(greeting, "Hello, ada@example.com");

    let refused = hello(&channel, None).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::Unauthenticated, "the request has no credentials")
    );
    let refused = hello(&channel, Some(&portcullis.token(-900))).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::Unauthenticated, "the token has expired")
    );
}

#[tokio::test]
async fn a_service_of_tonic_reports_an_outage() {
    let portcullis = Portcullis::start().await;
    portcullis.server.answer(Reply::status(503));
    let channel = serve(&portcullis).await;
    let refused = hello(&channel, Some(&portcullis.token(900))).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
}
