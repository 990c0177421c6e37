//! Lists that clients sort.

/// The direction of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortDirection {
    /// The smallest value first.
    #[default]
    Ascending,
    /// The largest value first.
    Descending,
}
