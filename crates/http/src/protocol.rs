//! HTTP/1 on a stream, by actix.

use std::{future::ready, net::SocketAddr, os::fd::AsFd, sync::Arc, time::Duration};

use actix_http::HttpService;
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::{App as Actix, Error, dev::AppConfig};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    connection::{Connections, PacedStream},
    service::Service,
    sockets::Entrance,
};

/// How long a client may take after an answer to close its side.
const DISCONNECT: Duration = Duration::from_secs(1);

/// How connections are served, the same at every address.
#[derive(Clone)]
pub(crate) struct Protocol {
    pub(crate) service: Arc<Service>,
    pub(crate) connections: Arc<Connections>,
    /// How long a connection may idle between two requests.
    pub(crate) keep_alive: Duration,
    /// How long the first head of a connection may take.
    pub(crate) head: Duration,
    /// Fires when the server is to stop.
    pub(crate) stopping: GracefulShutdownSignal,
}

impl Protocol {
    /// Serves streams of type `S` of a listener. `peer` returns the client's address, if such streams have one.
    pub(crate) fn serve<S>(
        self,
        peer: impl Fn(&S) -> Option<SocketAddr> + Clone + 'static,
        entrance: Entrance,
    ) -> impl ServiceFactory<S, Config = (), Response = (), Error = (), InitError = ()>
    where
        S: AsyncRead + AsyncWrite + AsFd + Unpin + 'static,
    {
        let (service, stopping, connections) = (self.service, self.stopping, self.connections);
        let app = Actix::new()
            .configure(|config| service.mount(config))
            .into_factory()
            .map_err(|error: Error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(self.keep_alive)
            .client_request_timeout(self.head)
            .client_disconnect_timeout(DISCONNECT)
            .on_connect_ext(move |stream: &PacedStream<S>, data| {
                data.insert(entrance);
                data.insert(Arc::clone(stream.connection()));
            })
            .h1(map_config(app, |()| AppConfig::default()));
        fn_service(move |stream: S| {
            let peer = peer(&stream);
            let open = connections.open().ok_or(());
            ready(open.map(|open| (PacedStream::new(stream, open), peer)))
        })
        .and_then(http.map_err(|_logged_by_actix| ()))
    }
}
