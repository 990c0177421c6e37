//! Heavy work, a few pieces at a time.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use portcullis_application::ports::Failure;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
};

/// So many pieces of work run at once, so many more wait, and the rest is refused.
pub(crate) struct Turns {
    permits: Arc<Semaphore>,
    /// With threads of its own, no more than there are permits: an allocator may keep memory for each thread that has
    /// needed much. `None` while it is dropped.
    runtime: Option<Runtime>,
    waiting: AtomicUsize,
    queue: usize,
}

/// A place in the queue, given back when it is left, also by whoever stops waiting.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits for nobody: whoever drops it may stand on a thread that must not wait.
impl Drop for Turns {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Turns {
    pub(crate) fn new(permits: usize, queue: usize) -> Self {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(permits)
            .thread_name("work")
            .build();
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            runtime: runtime.ok(),
            waiting: AtomicUsize::new(0),
            queue,
        }
    }

    /// Does the work on a blocking thread when its turn has come.
    ///
    /// The permit goes with the work, so that a caller who hangs up never lets more than the permitted number
    /// of pieces run.
    pub(crate) async fn take<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait().await?,
        };
        let runtime = self.runtime.as_ref();
        let runtime = runtime.ok_or_else(|| Failure::unavailable("there are no threads for heavy work"))?;
        let outcome = runtime.spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        outcome.await.map_err(Failure::new)
    }

    async fn wait(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Failure> {
        let ahead = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.waiting);
        if ahead >= self.queue {
            return Err(Failure::unavailable("too much work waits for its turn"));
        }
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(Failure::new)?;
        drop(place);
        Ok(permit)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, sync::mpsc, task::Poll};

    use super::*;

    /// Work that runs until it is told to end.
    fn held() -> (mpsc::Sender<()>, impl FnOnce() + Send + 'static) {
        let (end, told) = mpsc::channel::<()>();
        (end, move || {
            let _sender_may_be_gone = told.recv();
        })
    }

    fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_refused_and_who_waits_gets_a_turn() {
        let turns = Turns::new(1, 1);
        let (end, work) = held();
        let mut running = Box::pin(turns.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        let mut waiting = Box::pin(turns.take(|| "done"));
        assert!(poll_once(waiting.as_mut()).is_pending());

        let refused = turns.take(|| "never").await;
        assert!(refused.is_err_and(|failure| failure.is_unavailable()));

        end.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(waiting.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn who_stops_waiting_gives_the_place_back() {
        let turns = Turns::new(1, 1);
        let (end, work) = held();
        let mut running = Box::pin(turns.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        let mut impatient = Box::pin(turns.take(|| ()));
        assert!(poll_once(impatient.as_mut()).is_pending());
        drop(impatient);

        let mut next = Box::pin(turns.take(|| "done"));
        assert!(poll_once(next.as_mut()).is_pending());
        end.send(()).unwrap();
        assert_eq!(next.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_keeps_the_permit_with_the_work() {
        let turns = Turns::new(1, 0);
        let (end, work) = held();
        let mut running = Box::pin(turns.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        drop(running);
        assert!(turns.take(|| ()).await.is_err());

        drop(end);
        while turns.take(|| ()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    /// An allocator may keep memory for each thread.
    #[tokio::test]
    async fn work_is_done_by_no_more_threads_than_there_are_permits() {
        let turns = Turns::new(2, 100);
        let mut threads = std::collections::HashSet::new();
        for _ in 0..50 {
            let who = || std::thread::current().id();
            let (one, other) = tokio::join!(turns.take(who), turns.take(who));
            threads.extend([one.unwrap(), other.unwrap()]);
        }
        assert!(threads.len() <= 2, "{threads:?}");
    }

    #[tokio::test]
    async fn work_that_panics_is_a_failure_and_gives_its_permit_back() {
        let turns = Turns::new(1, 0);
        let outcome = turns.take(|| panic!("on purpose")).await;
        assert!(outcome.is_err_and(|failure| !failure.is_unavailable()));
        assert!(turns.take(|| ()).await.is_ok());
    }
}
