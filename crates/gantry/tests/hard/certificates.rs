//! Certificates of custom domains over several processes: the authority looks at one gateway, every gateway shows what it gave.

mod needs_pebble {
    use std::net::{Ipv4Addr, SocketAddr};

    use gantry_testkit::port::HeldPort;
    use reqwest::tls::TlsInfo;
    use serde_json::{Value, json};

    use crate::common::{Api, Authority, NameServer, Pebble, Plan, Server, Service, until};

    const NAME: &str = "login.example.com";

    /// The certificate that a gateway shows for the name.
    async fn shown(gateway: SocketAddr) -> Vec<u8> {
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .tls_info(true)
            .resolve(NAME, gateway)
            .build()
            .unwrap();
        let url = format!("https://{NAME}:{}/connect/jwks", gateway.port());
        let reply = client.get(url).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        let info = reply.extensions().get::<TlsInfo>().unwrap();
        info.peer_certificate().unwrap().to_vec()
    }

    /// A proven domain of a new realm.
    async fn proven(api: &Api, names: &NameServer) -> Value {
        let realm = api.new_realm().await;
        let body = json!({"realm_id": realm.id, "domain": {"domain_type": "custom", "domain": NAME}});
        let domain = api.post("/v2/domains", body).await.expect(201);
        let text = |field: &str| domain[field].as_str().unwrap();
        names.set(text("verification_name"), &[text("verification_value")]);
        names.set_address(NAME, &[Ipv4Addr::LOCALHOST]);
        let body = json!({"realm_id": realm.id, "domain": {}});
        let path = format!("/v2/domains/{}", text("id"));
        api.post(&format!("{path}/verify"), body).await.expect(200);
        json!(format!("{path}?realm_id={}", realm.id))
    }

    #[tokio::test]
    async fn what_the_authority_gives_is_shown_by_every_gateway_and_by_one_that_starts_later() {
        let names = NameServer::start().await;
        let mut plan = Plan::new().await;
        let authority = Authority::new(plan.dir(), "installation");
        let papers = authority.papers(plan.dir(), "process");
        let gateways = [(); 3].map(|()| HeldPort::new());
        let pebble = Pebble::start(&names, (&papers.cert, &papers.key), &gateways[0]).await;
        let certificates = format!("[{{ cert = {:?}, key = {:?} }}]", papers.cert, papers.key);
        plan.set("GANTRY_HTTP__TLS__CERTIFICATES", certificates);
        plan.set("GANTRY_DNS_SERVER", names.address.to_string());
        plan.set("GANTRY_ACME__DIRECTORY", &pebble.directory);
        plan.set("GANTRY_ACME__TERMS_AGREED", "true");
        plan.set("GANTRY_ACME__CA", authority.ca.display().to_string());
        let mut cluster = plan.start(0).await;
        let start = |gateway: usize| {
            let mut command = cluster.plan.gateway();
            command.env("GANTRY_HTTP_ADDR", gateways[gateway].addr().to_string());
            async move { Server::start(&command).await }
        };
        let mut started = vec![start(0).await, start(1).await];
        let api = Api::at(&started[1].http);
        api.until_ready().await;
        let path = proven(&api, &names).await;
        let state = async || api.get(path.as_str().unwrap()).await.expect(200)["cert_state"].clone();
        until("a certificate", async || (state().await == "valid").then_some(())).await;
        let first = shown(gateways[0].addr()).await;
        assert_ne!(first, shown_by_default(&papers.cert));
        assert_eq!(shown(gateways[1].addr()).await, first);
        started.push(start(2).await);
        Api::at(&started[2].http).until_ready().await;
        assert_eq!(shown(gateways[2].addr()).await, first);
        cluster.service(Service::Auth).process.kill();
        cluster.restart(Service::Auth).await;
        Api::at(&started[1].http).until_ready().await;
        assert_eq!(shown(gateways[1].addr()).await, first, "kept sealed, not in a process");
        for gateway in &mut started {
            gateway.stop().await;
        }
        cluster.stop().await;
    }

    /// The certificate in a file, as handshakes show it.
    fn shown_by_default(file: &std::path::Path) -> Vec<u8> {
        use rustls_pki_types::pem::PemObject;
        let der = rustls_pki_types::CertificateDer::from_pem_file(file).unwrap();
        der.as_ref().to_vec()
    }
}
