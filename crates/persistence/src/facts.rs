//! Facts about the database's schema, which the server reads when it checks the schema.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use portcullis_application::ports::{IdForm, UniqueKey};

/// Facts about a schema, shared by all clones. Before the schema is checked, they are those of Better Auth's own
/// schema.
#[derive(Clone, Debug, Default)]
pub struct SchemaFacts(Arc<RwLock<Known>>);

/// What a check of the schema has found.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Whether ids have the type `uuid`.
    pub(crate) has_uuids: bool,
    /// The keys of unique constraints and indexes, by their names.
    pub(crate) unique: BTreeMap<String, UniqueKey>,
}

impl SchemaFacts {
    /// Returns the form of ids.
    #[must_use]
    pub fn id_form(&self) -> IdForm {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.has_uuids {
            IdForm::Uuid
        } else {
            IdForm::Text
        }
    }

    /// Returns the key of a unique constraint.
    pub(crate) fn unique_key(&self, constraint: &str) -> Option<UniqueKey> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.unique.get(constraint).copied()
    }

    pub(crate) fn learn(&self, known: Known) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

/// Facts are not options: stores with the same options may use databases with different schemas.
impl PartialEq for SchemaFacts {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
