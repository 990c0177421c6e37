//! What is known of whoever makes a request.

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's address in its canonical form; empty where it is not known.
    pub ip_address: String,
    /// What the client calls itself; empty where it says nothing.
    pub user_agent: String,
}
