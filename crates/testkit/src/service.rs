//! Services outside of the deployment, for tests: each answers every request by one function.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    provider::{ReceivedRequest, Reply},
    wiring::required,
};

/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_mins(1);

/// A line of a list of compromised passwords that pads the answer.
const PADDING: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n";

/// Returns the status and the body for a request.
type Answer = dyn Fn(&ReceivedRequest) -> (u16, String) + Send + Sync;

/// A running service.
pub struct MockService {
    shared: Arc<Shared>,
}

struct Shared {
    address: SocketAddr,
    answer: Box<Answer>,
    requests: Mutex<Vec<ReceivedRequest>>,
    has_ended: AtomicBool,
}

impl MockService {
    /// Starts a service. `answer` returns the status and the body for a request. A body that begins with a brace is JSON.
    #[must_use]
    pub fn start(answer: impl Fn(&ReceivedRequest) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = required(TcpListener::bind("127.0.0.1:0"));
        let shared = Arc::new(Shared {
            address: required(listener.local_addr()),
            answer: Box::new(answer),
            requests: Mutex::default(),
            has_ended: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.listen(&listener));
        Self { shared }
    }

    /// Starts a service of captchas. A challenge is solved if its text begins with `solved`. The answer to the text
    /// `solved {…}` also contains the members of this object; the text `down` is answered with 503.
    #[must_use]
    pub fn captcha() -> Self {
        Self::start(|request| {
            let response = member(request, "response");
            if response == "down" {
                return (503, json!({ "success": true }).to_string());
            }
            let more = response.strip_prefix("solved");
            let mut answer = json!({ "success": more.is_some() });
            let more = more.and_then(|more| serde_json::from_str(more).ok());
            if let (Some(answer), Some(Value::Object(more))) = (answer.as_object_mut(), more) {
                answer.extend(more);
            }
            (200, answer.to_string())
        })
    }

    /// Starts a list of compromised passwords, of which it knows the SHA-1 hashes, in upper case. Each answer is padded.
    #[must_use]
    pub fn password_list(hashes: &'static [&'static str]) -> Self {
        Self::start(|request| {
            let range = request.path.rsplit('/').next().unwrap_or_default();
            let known = hashes.iter().filter_map(|hash| hash.strip_prefix(range));
            let lines = known.map(|suffix| format!("{suffix}:37\r\n"));
            (200, lines.chain([PADDING.to_owned()]).collect())
        })
    }

    /// Returns the URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.shared.address)
    }

    /// Returns the host with its port.
    #[must_use]
    pub fn host(&self) -> String {
        self.shared.address.to_string()
    }

    /// Returns the requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        let requests = self.shared.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns a text in the body of a request, which is a form or JSON. Empty if there is none.
#[must_use]
pub fn member(request: &ReceivedRequest, name: &str) -> String {
    let of_json = || {
        let body: Value = serde_json::from_str(&request.body).ok()?;
        Some(body.get(name)?.as_str()?.to_owned())
    };
    let of_form = request.form.get(name).cloned();
    of_form.or_else(of_json).unwrap_or_default()
}

impl Shared {
    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming().map_while(Result::ok) {
            if self.has_ended.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(self);
            thread::spawn(move || shared.talk(&stream));
        }
    }

    fn talk(&self, stream: &TcpStream) {
        let _without_a_limit_it_waits = stream.set_read_timeout(Some(PATIENCE));
        let Ok(request) = ReceivedRequest::read(stream) else {
            return;
        };
        // A connection that wakes the listener up sends nothing.
        if request.method.is_empty() {
            return;
        }
        let requests = self.requests.lock();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        let (status, body) = (self.answer)(&request);
        let media_type = if body.starts_with('{') {
            "application/json"
        } else {
            "text/plain"
        };
        let reply = Reply::new(status, media_type, body);
        let _the_client_may_have_disconnected = reply.write(stream);
    }
}

impl Drop for MockService {
    /// Ends the thread that listens.
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::SeqCst);
        let _wakes_the_thread_up = TcpStream::connect(self.shared.address);
    }
}
