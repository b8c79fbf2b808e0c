//! A name server on loopback that knows what a test tells it: enough of RFC 1035 to answer for TXT and A records.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::net::UdpSocket;

/// What is known by type and name; `None` refuses everybody.
type Known = Arc<Mutex<Option<Records>>>;
type Records = HashMap<(u8, String), Vec<Vec<u8>>>;

/// The types of records.
const A: u8 = 1;
const TXT: u8 = 16;

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
        // Each with its length before it.
        let text = |text: &&str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        self.put(TXT, name, texts.iter().map(text).collect());
    }

    /// Says at which addresses a name is from now on.
    pub(crate) fn set_address(&self, name: &str, addresses: &[Ipv4Addr]) {
        self.put(
            A,
            name,
            addresses.iter().map(|address| address.octets().to_vec()).collect(),
        );
    }

    fn put(&self, kind: u8, name: &str, records: Vec<Vec<u8>>) {
        let mut known = self.known.lock();
        known.as_mut().unwrap().insert((kind, name.to_owned()), records);
    }

    /// Refuses every question from now on.
    pub(crate) fn refuse(&self) {
        *self.known.lock() = None;
    }
}

/// The question's own bytes, then its records.
fn answer(question: &[u8], known: Option<&Records>) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] > 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let (kind, end, name) = (question[at + 2], at + 5, labels.join("."));
    let found = known.map(|known| {
        let exists = known
            .iter()
            .any(|((_, other), records)| *other == name && !records.is_empty());
        let records = known.get(&(kind, name.clone())).cloned().unwrap_or_default();
        (exists, records)
    });
    // NXDOMAIN where there is nothing, REFUSED where nothing is told.
    let code = match &found {
        None => 5,
        Some((false, _)) => 3,
        Some((true, _)) => 0,
    };
    let (_, records) = found.unwrap_or_default();
    let count = u8::try_from(records.len()).unwrap();
    let mut bytes = vec![question[0], question[1], 0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
    bytes.extend_from_slice(&question[12..end]);
    for record in records {
        // The question's name and type, IN, no time to live, and the record with its length before it.
        bytes.extend_from_slice(&[
            0xC0,
            12,
            0,
            kind,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            u8::try_from(record.len()).unwrap(),
        ]);
        bytes.extend_from_slice(&record);
    }
    bytes
}
