//! The HTTP server of a provider. Each connection has a thread, so that a busy runtime of a test does not delay it.

use std::{
    net::{TcpListener, TcpStream},
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use super::{
    fault::{Fault, FaultyEndpoint},
    reply::Reply,
    request::ReceivedRequest,
    state::Shared,
};

/// Size of a huge answer in bytes.
const HUGE: usize = 64 << 20;
/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_mins(1);

/// Serves connections until the provider has ended.
pub(super) fn serve(listener: TcpListener, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if shared.has_ended.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.talk(&stream));
        }
    });
}

impl Shared {
    fn talk(&self, stream: &TcpStream) {
        let _without_a_limit_it_waits = stream.set_read_timeout(Some(PATIENCE));
        let Ok(request) = ReceivedRequest::read(stream) else {
            return;
        };
        // A connection that wakes the listener up sends nothing.
        if request.method.is_empty() {
            return;
        }
        self.lock().requests.push(request.clone());
        let reply = self.reply(&request);
        let _the_client_may_have_disconnected = reply.write(stream);
    }

    fn reply(&self, request: &ReceivedRequest) -> Reply {
        let path = request.path.as_str();
        let is = |pointer: &str| path == self.shape.text(pointer);
        let (endpoint, answer) = if is("/authorization/path") {
            return self.consent(request);
        } else if is("/exchange/path") {
            (FaultyEndpoint::Token, self.tokens(request))
        } else if self.describes_user(path) {
            (FaultyEndpoint::UserInfo, self.user_info(request))
        } else if path == self.shape.jwks() {
            (FaultyEndpoint::Jwks, self.jwks())
        } else if is("/verify") {
            (FaultyEndpoint::Jwks, self.verify(request))
        } else if path.ends_with("/.well-known/openid-configuration") {
            (FaultyEndpoint::Discovery, self.discovery())
        } else {
            return Reply::json(404, &json!({ "error": "not found" }));
        };
        self.faults(endpoint).into_iter().fold(answer, spoiled)
    }

    fn jwks(&self) -> Reply {
        Reply::json(200, &self.lock().keys.document())
    }

    /// Returns the discovery document (OpenID Connect Discovery 1.0).
    fn discovery(&self) -> Reply {
        let at = |path: &str| format!("{}{path}", self.base());
        let user_info = self.shape.text("/answers/0/path");
        let document = json!({
            "issuer": self.issuer(),
            "authorization_endpoint": at(self.shape.text("/authorization/path")),
            "token_endpoint": at(self.shape.text("/exchange/path")),
            "userinfo_endpoint": at(user_info),
            "jwks_uri": at(self.shape.jwks()),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
        });
        Reply::json(200, &document)
    }
}

/// Returns the answer with a fault.
fn spoiled(answer: Reply, fault: Fault) -> Reply {
    match fault {
        Fault::HtmlAnswer => Reply::html("<!doctype html><title>Maintenance</title>"),
        Fault::Status(status) => Reply::json(status, &json!({ "error": "server_error" })),
        Fault::Slow(time) => {
            thread::sleep(time);
            answer
        }
        Fault::HugeAnswer => {
            let mut body = br#"{"access_token":""#.to_vec();
            body.resize(HUGE, b'a');
            body.extend_from_slice(br#""}"#);
            Reply::new(200, "application/json", body)
        }
        Fault::Redirect(to) => Reply::redirect(&to),
        _ => answer,
    }
}
