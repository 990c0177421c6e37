//! A gRPC service of tonic that accepts JWTs of a Portcullis server.
//!
//! Run it with the server's URL: `cargo run -p portcullis-verify --example tonic --features tower -- http://localhost:4400`
//!
//! The service `greeter.Greeter` is written by hand, so that the example needs no `protoc`. In a project, generated
//! code replaces the second half of this file.

use portcullis_verify::{BuildError, Claims, Verifier, tower::AuthenticationLayer};
use serde::Deserialize;
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    transport::{Server, server::TcpIncoming},
};

/// The deployment's own claims.
#[derive(Clone, Debug, Deserialize)]
struct Fields {
    email: String,
}

/// Handles a call that the layer has authenticated.
fn say_hello(request: &Request<Name>) -> Result<Response<Greeting>, Status> {
    let claims = request.extensions().get::<Claims<Fields>>();
    let claims = claims.ok_or_else(|| Status::internal("the layer is missing"))?;
    let text = format!("{}, {}", request.get_ref().name, claims.fields.email);
    Ok(Response::new(Greeting { text }))
}

/// Serves until the listener fails. Every call needs a token in its metadata: `authorization: Bearer …`.
pub(crate) async fn serve(verifier: Verifier, listener: TcpListener) -> Result<(), tonic::transport::Error> {
    Server::builder()
        .layer(AuthenticationLayer::new(verifier.with_fields::<Fields>()))
        .add_service(greeter::Greeter)
        .serve_with_incoming(TcpIncoming::from(listener))
        .await
}

/// The verifier for a server.
pub(crate) fn verifier(server: &str) -> Result<Verifier, BuildError> {
    Verifier::builder()
        .issuer(server)
        .audience(server)
        .jwks_url(format!("{server}/api/auth/jwks"))
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().ok_or("usage: tonic SERVER-URL [ADDRESS]")?;
    let address = arguments.next().unwrap_or("127.0.0.1:8000".to_owned());
    let listener = TcpListener::bind(address).await?;
    serve(verifier(&server)?, listener).await?;
    Ok(())
}

pub(crate) use greeter::{Greeting, Name};

/// What `tonic-prost-build` generates for the service.
mod greeter {
    use std::{
        convert::Infallible,
        future::{Ready, ready},
        task::{Context, Poll},
    };

    use tonic::{
        Request, Response, Status,
        body::Body,
        codegen::{BoxFuture, Service, http},
        server::{Grpc, NamedService, UnaryService},
    };
    use tonic_prost::ProstCodec;

    #[derive(Clone, PartialEq, Eq, prost::Message)]
    pub(crate) struct Name {
        #[prost(string, tag = "1")]
        pub name: String,
    }

    #[derive(Clone, PartialEq, Eq, prost::Message)]
    pub(crate) struct Greeting {
        #[prost(string, tag = "1")]
        pub text: String,
    }

    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Greeter;

    impl NamedService for Greeter {
        const NAME: &'static str = "greeter.Greeter";
    }

    impl Service<http::Request<Body>> for Greeter {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = BoxFuture<Self::Response, Self::Error>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<Body>) -> Self::Future {
            Box::pin(async move {
                Ok(match request.uri().path() {
                    "/greeter.Greeter/SayHello" => {
                        let mut grpc = Grpc::new(ProstCodec::<Greeting, Name>::default());
                        grpc.unary(SayHello, request).await
                    }
                    _ => Status::unimplemented("unknown method").into_http(),
                })
            })
        }
    }

    struct SayHello;

    impl UnaryService<Name> for SayHello {
        type Response = Greeting;
        type Future = Ready<Result<Response<Greeting>, Status>>;

        fn call(&mut self, request: Request<Name>) -> Self::Future {
            ready(super::say_hello(&request))
        }
    }
}
