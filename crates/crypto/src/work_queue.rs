//! A bounded queue for CPU-intensive work.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use portcullis_application::ports::Failure;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
};

/// Runs a limited number of jobs at once, queues a limited number, and rejects the rest.
pub(crate) struct WorkQueue {
    permits: Arc<Semaphore>,
    /// Has its own threads, at most as many as permits: an allocator may keep memory for each thread that used much.
    /// `None` only during drop.
    runtime: Option<Runtime>,
    waiting: AtomicUsize,
    queue: usize,
}

/// A place in the queue. It is released on drop, also if the caller stops waiting.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does not wait for running jobs: the thread that drops it may not block.
impl Drop for WorkQueue {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl WorkQueue {
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

    /// Runs the work on a blocking thread as soon as there is a permit.
    ///
    /// The work owns the permit, so no more than the permitted number of jobs run if a caller hangs up.
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
        let runtime = runtime.ok_or_else(|| {
            Failure::unavailable("the thread pool for hashing and key generation is missing")
        })?;
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
            return Err(Failure::unavailable(
                "the queue for hashing and key generation is full",
            ));
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

    /// Work that runs until the sender sends or is dropped.
    fn blocking_work() -> (mpsc::Sender<()>, impl FnOnce() + Send + 'static) {
        let (end, ended) = mpsc::channel::<()>();
        (end, move || {
            let _sender_may_be_gone = ended.recv();
        })
    }

    fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }

    #[tokio::test]
    async fn a_caller_is_rejected_if_the_queue_is_full_and_a_queued_caller_is_served() {
        let work_queue = WorkQueue::new(1, 1);
        let (end, work) = blocking_work();
        let mut running = Box::pin(work_queue.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        let mut waiting = Box::pin(work_queue.take(|| "done"));
        assert!(poll_once(waiting.as_mut()).is_pending());

        let refused = work_queue.take(|| "never").await;
        assert!(refused.is_err_and(|failure| failure.is_unavailable()));

        end.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(waiting.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn a_caller_that_stops_waiting_leaves_the_queue() {
        let work_queue = WorkQueue::new(1, 1);
        let (end, work) = blocking_work();
        let mut running = Box::pin(work_queue.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        let mut impatient = Box::pin(work_queue.take(|| ()));
        assert!(poll_once(impatient.as_mut()).is_pending());
        drop(impatient);

        let mut next = Box::pin(work_queue.take(|| "done"));
        assert!(poll_once(next.as_mut()).is_pending());
        end.send(()).unwrap();
        assert_eq!(next.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn a_caller_that_hangs_up_does_not_release_the_permit_of_running_work() {
        let work_queue = WorkQueue::new(1, 0);
        let (end, work) = blocking_work();
        let mut running = Box::pin(work_queue.take(work));
        assert!(poll_once(running.as_mut()).is_pending());
        drop(running);
        assert!(work_queue.take(|| ()).await.is_err());

        drop(end);
        while work_queue.take(|| ()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    /// An allocator may keep memory for each thread.
    #[tokio::test]
    async fn there_are_no_more_threads_than_permits() {
        let work_queue = WorkQueue::new(2, 100);
        let mut threads = std::collections::HashSet::new();
        for _ in 0..50 {
            let thread = || std::thread::current().id();
            let (one, other) = tokio::join!(work_queue.take(thread), work_queue.take(thread));
            threads.extend([one.unwrap(), other.unwrap()]);
        }
        assert!(threads.len() <= 2, "{threads:?}");
    }

    #[tokio::test]
    async fn work_that_panics_fails_and_releases_its_permit() {
        let work_queue = WorkQueue::new(1, 0);
        let outcome = work_queue.take(|| panic!("on purpose")).await;
        assert!(outcome.is_err_and(|failure| !failure.is_unavailable()));
        assert!(work_queue.take(|| ()).await.is_ok());
    }
}
