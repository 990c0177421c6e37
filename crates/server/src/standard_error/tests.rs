use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    time::Instant,
};

use super::*;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// An output that takes a batch only when the test receives it.
struct Slow {
    batches: SyncSender<String>,
    begun: Sender<()>,
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.send(()).ok();
        self.batches
            .send(String::from_utf8(bytes.to_vec()).unwrap())
            .map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a buffer of eight bytes, the batches that it writes, and a signal for each write that begins.
fn slow(report: fn(u64)) -> (Buffer, Receiver<String>, Receiver<()>) {
    let (batches, written) = sync_channel(0);
    let (begun, begins) = channel();
    (Buffer::start(Slow { batches, begun }, 8, report), written, begins)
}

#[test]
fn lines_are_written_in_order() {
    let (buffer, written, begins) = slow(|_| ());
    buffer.push(b"a\n");
    begins.recv_timeout(PATIENCE).unwrap();
    buffer.push(b"b\n");
    buffer.push(b"c\n");
    assert_eq!(written.recv_timeout(PATIENCE).unwrap(), "a\n");
    assert_eq!(written.recv_timeout(PATIENCE).unwrap(), "b\nc\n");
}

#[test]
fn a_full_buffer_drops_lines_and_reports_their_number_in_their_place() {
    static BUFFER: OnceLock<Buffer> = OnceLock::new();
    let (buffer, written, begins) = slow(|lines| {
        BUFFER
            .get()
            .unwrap()
            .push(format!("{lines} dropped\n").as_bytes());
    });
    let buffer = BUFFER.get_or_init(|| buffer);
    buffer.push(b"first\n");
    begins.recv_timeout(PATIENCE).unwrap();
    for line in ["second\n", "third\n", "fourth\n"] {
        buffer.push(line.as_bytes());
    }
    assert_eq!(written.recv_timeout(PATIENCE).unwrap(), "first\n");
    begins.recv_timeout(PATIENCE).unwrap();
    buffer.push(b"fifth\n");
    assert_eq!(written.recv_timeout(PATIENCE).unwrap(), "second\n");
    let rest = written.recv_timeout(PATIENCE).unwrap();
    assert!(rest.starts_with("2 dropped\n"), "{rest}");
}

#[test]
fn a_flush_waits_until_all_is_written_but_no_longer_than_its_limit() {
    let (buffer, written, begins) = slow(|_| ());
    buffer.push(b"a\n");
    begins.recv_timeout(PATIENCE).unwrap();
    let start = Instant::now();
    buffer.flush(Duration::from_millis(50));
    assert!(start.elapsed() >= Duration::from_millis(50));

    let reader = thread::spawn(move || written.recv_timeout(PATIENCE).unwrap());
    buffer.flush(PATIENCE);
    assert!(!buffer.shared.lock().is_writing);
    assert_eq!(reader.join().unwrap(), "a\n");
}

#[test]
fn a_closed_output_blocks_no_writer() {
    let (buffer, written, _begins) = slow(|_| ());
    drop(written);
    for _ in 0..3 {
        buffer.push(b"a\n");
        buffer.flush(PATIENCE);
    }
    assert!(buffer.shared.lock().waiting.is_empty());
}
