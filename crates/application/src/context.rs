//! What is known about the client of a request.

/// The origin of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's IP address in its canonical form. Empty if it is unknown.
    pub ip_address: String,
    /// Whether other clients may have the same IP address: it is unknown, or it is a proxy's.
    pub is_ip_address_shared: bool,
    /// The `User-Agent` header. Empty if there is none.
    pub user_agent: String,
}
