//! What is known of whoever makes a request.

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's address in its canonical form; empty where it is not known.
    pub ip_address: String,
    /// Whether others come from that address too, as far as can be told: it is not known, or a proxy's own.
    pub is_address_shared: bool,
    /// What the client calls itself; empty where it says nothing.
    pub user_agent: String,
}
