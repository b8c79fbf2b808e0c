//! Catches log lines: give `move || buffer.clone()` to whoever wants a writer.

use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;

/// A buffer that several writers share.
#[derive(Debug, Clone, Default)]
// parking_lot: held to append or clone, never across an await.
pub struct LogBuffer(Arc<Mutex<Vec<u8>>>);

impl LogBuffer {
    /// Everything written so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock()).into_owned()
    }

    /// Everything written so far, by line.
    pub fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }
}

impl Write for LogBuffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
