//! The latest changes, which show whether a lookup is stale.

use std::collections::VecDeque;

use super::{change::RowChange, keys::Keys};

/// How many changes are remembered. A lookup during which more changes happen is not stored.
const REMEMBERED: usize = 1024;

/// The latest changes, which decide whether the result of a lookup may be stored.
#[derive(Debug, Default)]
pub(super) struct Journal {
    count: u64,
    recent: VecDeque<RowChange>,
}

impl Journal {
    /// Adds a change. Returns the number of all changes.
    pub(super) fn add(&mut self, change: RowChange) -> u64 {
        self.count += 1;
        self.recent.truncate(REMEMBERED - 1);
        self.recent.push_front(change);
        self.count
    }

    /// Returns whether the session with these keys may have changed since there were `count` changes.
    pub(super) fn concerns(&self, keys: Keys, count: u64) -> bool {
        let Ok(missed) = usize::try_from(self.count.saturating_sub(count)) else {
            return true;
        };
        missed > self.recent.len()
            || self
                .recent
                .iter()
                .take(missed)
                .any(|change| change.concerns(keys))
    }
}

#[cfg(test)]
mod tests {
    use portcullis_domain::id::UserId;

    use super::*;
    use crate::session_cache::keys::keys;

    #[test]
    fn a_lookup_is_stale_after_a_change_of_its_session_and_after_too_many_changes() {
        let mut journal = Journal::default();
        let before = journal.add(RowChange::of_user(&UserId::new("jane")));
        assert!(journal.concerns(keys("jane"), 0));
        assert!(!journal.concerns(keys("jane"), before));
        for _ in 0..REMEMBERED {
            journal.add(RowChange::of_user(&UserId::new("john")));
        }
        assert!(!journal.concerns(keys("jane"), before), "all are remembered");
        assert!(journal.concerns(keys("john"), before));
        journal.add(RowChange::of_user(&UserId::new("john")));
        assert!(journal.concerns(keys("jane"), before), "one is forgotten");
    }
}
