//! Which audiences other sections may name.

/// The audiences for which JWTs are issued.
pub(super) enum Issued<'a> {
    /// JWTs are disabled.
    Nothing,
    /// An audience was refused, so it is not known which ones are meant.
    Unknown,
    /// Each of these.
    For(Vec<&'a str>),
}
