//! The lookups that wait for a statement.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use portcullis_domain::token::SessionToken;
use tokio::sync::oneshot;

use super::{lookups::Answer, statement::Sessions};
use crate::error::OperationFailure;

/// Lookups in the order in which they began.
#[derive(Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// How many tasks run lookups.
    running: u32,
}

/// A lookup that waits for its answer.
pub(super) struct Waiting {
    pub(super) token: String,
    pub(super) since: Instant,
    answer: oneshot::Sender<Answer>,
}

impl Queue {
    /// Adds a lookup. Returns whether one more task must run lookups, and counts it: there are fewer than `most`.
    pub(super) fn add(&self, waiting: Waiting, most: u32) -> bool {
        let mut state = self.state();
        // While statements hang, nothing else takes lookups whose callers are gone.
        while state.waiting.pop_front_if(|first| !first.is_asked()).is_some() {}
        state.waiting.push_back(waiting);
        state.count_one_more(most)
    }

    /// Returns whether one more task must run lookups because one has waited for at least `patience`, and counts it.
    pub(super) fn add_runner_if_late(&self, patience: Duration, most: u32) -> bool {
        let mut state = self.state();
        let first = state.waiting.front();
        first.is_some_and(|first| first.since.elapsed() >= patience) && state.count_one_more(most)
    }

    /// Takes the lookups that have waited longest. Those whose callers are gone are dropped.
    pub(super) fn take(&self, most: usize) -> Vec<Waiting> {
        let mut state = self.state();
        let count = state.waiting.len().min(most);
        let batch = state.waiting.drain(..count);
        batch.filter(Waiting::is_asked).collect()
    }

    /// Takes the lookups that fulfil a condition.
    pub(super) fn take_those(&self, condition: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        let mut state = self.state();
        let (taken, left): (VecDeque<_>, _) = mem::take(&mut state.waiting).into_iter().partition(condition);
        state.waiting = left;
        Vec::from(taken)
    }

    /// Ends a task if no lookup waits. Returns whether it ended.
    pub(super) fn end_if_idle(&self) -> bool {
        let mut state = self.state();
        let is_idle = state.waiting.is_empty();
        state.running -= u32::from(is_idle);
        is_idle
    }

    /// Ends a task.
    pub(super) fn end(&self) {
        self.state().running -= 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count_one_more(&mut self, most: u32) -> bool {
        let is_one_more = self.running < most;
        self.running += u32::from(is_one_more);
        is_one_more
    }
}

impl Waiting {
    /// Returns a lookup that begins now, and its answer.
    pub(super) fn new(token: &SessionToken) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, received) = oneshot::channel();
        let waiting = Self {
            token: token.expose().clone(),
            since: Instant::now(),
            answer,
        };
        (waiting, received)
    }

    /// Whether the caller still waits.
    pub(super) fn is_asked(&self) -> bool {
        !self.answer.is_closed()
    }

    /// Gives the caller the answer, unless the caller is gone.
    pub(super) fn receive(self, answer: Answer) {
        let _is_gone = self.answer.send(answer);
    }
}

/// Gives each caller of a batch its answer.
pub(super) fn give(batch: Vec<Waiting>, found: &Sessions, statements: u32) {
    for waiting in batch {
        let result = Ok(found.get(&waiting.token).cloned());
        waiting.receive(Answer { statements, result });
    }
}

/// Gives each caller of a batch the error.
pub(super) fn fail(batch: Vec<Waiting>, trouble: &OperationFailure, statements: u32) {
    for waiting in batch {
        let result = Err(trouble.clone());
        waiting.receive(Answer { statements, result });
    }
}
