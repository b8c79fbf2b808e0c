//! HTTPS: versions, protocols, certificates by name, reload.

use std::time::Duration;

use rustls::version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::clients::{Client, H1, H2, Sender, old_hello, raw, shown};
use crate::servers::{Made, Server, https, router, within};

#[tokio::test]
async fn https_speaks_both_versions_over_tls_1_2_and_1_3() {
    let made = Made::new(&["a.example"]);
    let (config, _) = https(&[&made]);
    let server = Server::start(router(), config).await;
    for version in [&version::TLS12, &version::TLS13] {
        for (alpn, seen) in [(H1, "HTTP/1.1 Https 127.0.0.1"), (H2, "HTTP/2.0 Https 127.0.0.1")] {
            let mut client = Client::trusting(&[&made]);
            client.versions = vec![version];
            client.alpn = vec![alpn];
            let stream = client.connect(&server, "a.example").await;
            assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(alpn));
            let mut sender = match alpn == H2 {
                true => Sender::http2(stream).await,
                false => Sender::http1(stream).await,
            };
            assert_eq!(sender.text("/").await, seen);
        }
    }
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn https_prefers_http2_and_refuses_other_protocols() {
    let made = Made::new(&["a.example"]);
    let (config, _) = https(&[&made]);
    let server = Server::start(router(), config).await;
    let mut client = Client::trusting(&[&made]);
    client.alpn = vec![H1, H2];
    assert_eq!(
        client.connect(&server, "a.example").await.get_ref().1.alpn_protocol(),
        Some(H2)
    );
    client.alpn = vec![b"smtp"];
    assert!(within(client.try_connect(&server, "a.example")).await.is_err());
    client.alpn = Vec::new();
    let mut old = Sender::http1(client.connect(&server, "a.example").await).await;
    assert_eq!(
        old.text("/").await,
        "HTTP/1.1 Https 127.0.0.1",
        "without a word about protocols"
    );
}

#[tokio::test]
async fn tls_1_1_and_older_are_refused() {
    let made = Made::new(&["a.example"]);
    let (config, _) = https(&[&made]);
    let server = Server::start(router(), config).await;
    for minor in [0, 1, 2] {
        let mut stream = server.connect().await;
        stream.write_all(&old_hello(minor)).await.unwrap();
        let mut answer = Vec::new();
        within(stream.read_to_end(&mut answer)).await.unwrap();
        // A fatal alert: protocol_version.
        assert_eq!((answer[0], &answer[5..]), (21, &[2, 70][..]), "3.{minor}");
    }
    // The same hello one version up is answered: what was refused is the version, not the bytes.
    let mut stream = server.connect().await;
    stream.write_all(&old_hello(3)).await.unwrap();
    let mut answer = [0; 6];
    within(stream.read_exact(&mut answer)).await.unwrap();
    assert_eq!((answer[0], answer[5]), (22, 2), "a ServerHello");
}

#[tokio::test]
async fn a_certificate_is_chosen_by_server_name() {
    let (first, exact, wild) = (
        Made::new(&["first.example"]),
        Made::new(&["login.b.example"]),
        Made::new(&["*.c.example"]),
    );
    let all = [&first, &exact, &wild];
    let (config, _) = https(&all);
    let server = Server::start(router(), config).await;
    let client = Client::trusting(&all);
    for (name, made) in [
        ("first.example", &first),
        ("login.b.example", &exact),
        ("LOGIN.B.example", &exact),
        ("brave-otter-1a2b.c.example", &wild),
    ] {
        assert_eq!(shown(&client.connect(&server, name).await), made.der(), "{name}");
    }
    // A name that nobody has gets the first one, and the client turns away.
    for name in ["c.example", "a.b.c.example", "nobody.example", "127.0.0.1"] {
        let error = within(client.try_connect(&server, name)).await.unwrap_err();
        assert!(error.to_string().contains("not valid for name"), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_reload_changes_new_connections_and_drops_none() {
    let made = Made::new(&["a.example"]);
    let (config, store) = https(&[&made]);
    let server = Server::start(router(), config).await;
    let before = Client::trusting(&[&made]);
    let mut one = Sender::http1(before.connect(&server, "a.example").await).await;
    let mut h2 = Client::trusting(&[&made]);
    h2.alpn = vec![H2];
    let mut two = Sender::http2(h2.connect(&server, "a.example").await).await;
    assert_eq!((one.text("/").await.len(), two.text("/").await.len()), (24, 24));

    made.renew(&["a.example"]);
    assert_eq!(store.reload(), 1);

    assert_eq!((one.text("/").await.len(), two.text("/").await.len()), (24, 24));
    let after = Client::trusting(&[&made]);
    assert_eq!(shown(&after.connect(&server, "a.example").await), made.der());
    assert!(
        within(before.try_connect(&server, "a.example")).await.is_err(),
        "the old one is not shown any more"
    );

    let good = made.der();
    std::fs::write(made.files().certificate, "broken").unwrap();
    assert_eq!(store.reload(), 0);
    assert_eq!(shown(&after.connect(&server, "a.example").await), good);
    assert_eq!((one.text("/").await.len(), two.text("/").await.len()), (24, 24));
}

#[tokio::test]
async fn changed_files_are_found_by_themselves() {
    let made = Made::new(&["a.example"]);
    let (mut config, _) = https(&[&made]);
    config.tls_reload = Duration::from_millis(5);
    let server = Server::start(router(), config).await;
    made.renew(&["a.example"]);
    let client = Client::trusting(&[&made]);
    let found = async { while client.try_connect(&server, "a.example").await.is_err() {} };
    within(found).await;
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut() {
    let made = Made::new(&["a.example"]);
    let (mut config, _) = https(&[&made]);
    config.handshake_timeout = Duration::from_millis(100);
    let server = Server::start(router(), config).await;
    assert_eq!(raw(server.connect().await, b"").await, "");
    assert_eq!(raw(server.connect().await, &old_hello(3)[..20]).await, "");
    assert!(
        !raw(server.connect().await, b"GET / HTTP/1.1\r\n\r\n")
            .await
            .contains("HTTP"),
        "plain HTTP on a TLS port"
    );
    assert_eq!(server.stop().await, 0);
}
