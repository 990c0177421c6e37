//! Random ids in the form that the database needs.

use portcullis_application::ports::{IdForm, Random};
use portcullis_crypto::OsRandom;
use portcullis_persistence::SchemaFacts;

/// The operating system's randomness, with ids for the columns of this database.
pub(crate) struct DatabaseRandom {
    facts: SchemaFacts,
}

impl DatabaseRandom {
    pub(crate) const fn new(facts: SchemaFacts) -> Self {
        Self { facts }
    }
}

impl Random for DatabaseRandom {
    fn fill(&self, buffer: &mut [u8]) {
        OsRandom.fill(buffer);
    }

    fn id_form(&self) -> IdForm {
        self.facts.id_form()
    }
}
