//! A name server on loopback that knows what a test tells it: enough of RFC 1035 to answer for TXT records.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::net::UdpSocket;

/// Texts by name; `None` refuses everybody.
type Known = Arc<Mutex<Option<HashMap<String, Vec<String>>>>>;

/// A name server. It ends with its test's runtime.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    known: Known,
}

impl NameServer {
    pub(crate) async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let known: Known = Arc::new(Mutex::new(Some(HashMap::new())));
        let told = Arc::clone(&known);
        drop(gantry_telemetry::spawn(async move {
            let mut buffer = [0_u8; 512];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
                let answer = answer(&buffer[..length], told.lock().as_ref());
                socket.send_to(&answer, peer).await.unwrap();
            }
        }));
        Self { address, known }
    }

    /// Says what a name's texts are from now on.
    pub(crate) fn set(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(ToString::to_string).collect();
        self.known.lock().as_mut().unwrap().insert(name.to_owned(), texts);
    }

    /// Refuses every question from now on.
    pub(crate) fn refuse(&self) {
        *self.known.lock() = None;
    }
}

/// The question's own bytes, then a record for each text.
fn answer(question: &[u8], known: Option<&HashMap<String, Vec<String>>>) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] > 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let end = at + 5;
    let texts = known.map(|known| known.get(&labels.join(".")).cloned().unwrap_or_default());
    // NXDOMAIN where there is nothing, REFUSED where nothing is told.
    let code = match &texts {
        None => 5,
        Some(texts) if texts.is_empty() => 3,
        Some(_) => 0,
    };
    let texts = texts.unwrap_or_default();
    let count = u8::try_from(texts.len()).unwrap();
    let mut bytes = vec![question[0], question[1], 0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
    bytes.extend_from_slice(&question[12..end]);
    for text in texts {
        let length = u8::try_from(text.len()).unwrap();
        // The question's name, TXT, IN, 60 seconds, and a text with its length before it.
        bytes.extend_from_slice(&[0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, length + 1, length]);
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}
