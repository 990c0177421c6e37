//! Reading and writing in a unit of work.

use super::{MemoryStore, MemoryUnitOfWork, Rows};
use crate::ports::MockJwkRepository;

impl MemoryUnitOfWork {
    pub(super) fn new(store: &MemoryStore, is_autocommit: bool) -> Self {
        Self {
            store: store.clone(),
            is_autocommit,
            copy: None,
            has_written: false,
            jwks: MockJwkRepository::new(),
        }
    }

    pub(super) fn read<T>(&mut self, look: impl FnOnce(&Rows) -> T) -> T {
        if self.is_autocommit {
            return look(&self.store.lock());
        }
        look(self.copy.get_or_insert_with(|| self.store.rows()))
    }

    pub(super) fn write<T>(&mut self, change: impl FnOnce(&mut Rows) -> T) -> T {
        self.has_written = true;
        if self.is_autocommit {
            let mut rows = self.store.lock();
            rows.version += 1;
            return change(&mut rows);
        }
        change(self.copy.get_or_insert_with(|| self.store.rows()))
    }
}
