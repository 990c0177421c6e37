//! Memory for argon2id, which is reused from one hash to the next.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

use argon2::Block;

/// Number of blocks of 1 KiB up to which memory is always kept: 32 MiB. An allocator may retain freed memory up to
/// this size, and returns larger pieces to the system.
const ALWAYS_KEPT: usize = 32 * 1024;

/// A pool of memory that hashes use one after another.
///
/// If memory were allocated and freed for every hash, the allocator would retain several pieces for each thread: a
/// multiple of what concurrent hashes need. The pool never has more pieces than there have been concurrent hashes.
pub(super) struct Memory {
    idle: Mutex<Vec<Vec<Block>>>,
    usual: usize,
}

impl Memory {
    /// Returns an empty pool for hashes that usually need this number of blocks.
    pub(super) fn new(usual: u32) -> Self {
        Self {
            idle: Mutex::default(),
            usual: usize::try_from(usual).unwrap_or(usize::MAX),
        }
    }

    /// Runs `work` on at least `count` blocks and wipes them afterwards. Returns `None` if the system is out of memory.
    pub(super) fn lend<T>(&self, count: usize, work: impl FnOnce(&mut [Block]) -> T) -> Option<T> {
        let mut blocks = self.lock().pop().unwrap_or_default();
        if blocks.len() < count {
            drop(mem::take(&mut blocks));
            blocks.try_reserve_exact(count.max(self.usual)).ok()?;
            blocks.resize(count.max(self.usual), Block::new());
        }

        let outcome = work(&mut blocks);

        // The content of the first blocks would make it cheap to guess the password.
        blocks
            .iter_mut()
            .take(count)
            .for_each(|block| *block = Block::new());
        if blocks.len() <= self.usual.max(ALWAYS_KEPT) {
            self.lock().push(blocks);
        }
        Some(outcome)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_wiped(blocks: &[Block]) -> bool {
        blocks
            .iter()
            .all(|block| block.as_ref().iter().all(|word| *word == 0))
    }

    fn write(blocks: &mut [Block]) -> usize {
        assert!(is_wiped(blocks));
        for block in blocks.iter_mut() {
            block.as_mut().fill(1);
        }
        blocks.len()
    }

    #[test]
    fn consecutive_hashes_share_memory_that_is_wiped_between_them() {
        let memory = Memory::new(16);
        let place = |blocks: &mut [Block]| {
            write(blocks);
            blocks.as_ptr().addr()
        };
        let first = memory.lend(16, place);
        assert_eq!(memory.lend(16, place), first);
        assert_eq!(memory.lock().len(), 1);
        assert!(is_wiped(&memory.lock()[0]));
    }

    #[test]
    fn concurrent_hashes_have_separate_memory() {
        let memory = Memory::new(16);
        for _ in 0..3 {
            memory.lend(16, |_| memory.lend(16, write).unwrap()).unwrap();
        }
        assert_eq!(memory.lock().len(), 2);
    }

    #[test]
    fn a_hash_can_use_more_memory_than_usual_and_unusually_large_memory_is_not_kept() {
        let memory = Memory::new(16);
        for (count, found, kept) in [
            (8, 16, 1),
            (32, 32, 1),
            (16, 32, 1),
            (ALWAYS_KEPT + 1, ALWAYS_KEPT + 1, 0),
        ] {
            assert_eq!(memory.lend(count, |blocks| blocks.len()), Some(found));
            assert_eq!(memory.lock().len(), kept, "{count}");
        }
        let unusual = Memory::new(u32::try_from(ALWAYS_KEPT).unwrap() + 8);
        unusual.lend(8, |_| ()).unwrap();
        assert_eq!(unusual.lock().len(), 1);
    }
}
