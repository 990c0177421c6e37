//! Which organization a caller wants to work in.

use portcullis_domain::organization::OrganizationId;

/// The organization that a caller wants to work in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// None.
    Clear,
    /// The one that is active.
    Current,
    /// The one with this id.
    Id(OrganizationId),
    /// The one with this slug.
    Slug(String),
}

impl Selection {
    /// Returns what a request selects, as in Better Auth: an id takes precedence over a slug, and `null` as the id clears
    /// the selection. Empty texts select nothing.
    #[must_use]
    pub fn of(id: Option<Option<OrganizationId>>, slug: Option<String>) -> Self {
        let slug = slug.filter(|slug| !slug.is_empty());
        match (id, slug) {
            (Some(None), _) => Self::Clear,
            (Some(Some(id)), _) if !id.as_str().is_empty() => Self::Id(id),
            (_, Some(slug)) => Self::Slug(slug),
            _ => Self::Current,
        }
    }
}
