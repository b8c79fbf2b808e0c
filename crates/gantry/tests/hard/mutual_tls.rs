//! Between machines: both sides show certificates, and know the installation's secret besides.

mod needs_postgres {
    use std::path::PathBuf;

    use gantry_proto::auth::v2::auth_client::AuthClient;
    use gantry_proto::auth::v2::{ListUsersRequest, ResolveHostRequest};
    use gantry_testkit::process::Process;
    use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
    use tonic::{Code, Request, Status};

    use crate::common::{Api, Authority, CLUSTER_SECRET, Papers, Plan, Server, Service, story, with_key};

    /// An installation whose services and gateways have papers of one authority.
    struct Secured {
        plan: Plan,
        authority: Authority,
    }

    async fn secured() -> Secured {
        let mut plan = Plan::new().await;
        let authority = Authority::new(plan.dir(), "installation");
        let papers = authority.papers(plan.dir(), "process");
        plan.scheme = "https";
        let text = |path: &PathBuf| path.display().to_string();
        for (name, path) in [
            ("GANTRY_GRPC__TLS__CERT", &papers.cert),
            ("GANTRY_GRPC__TLS__KEY", &papers.key),
            ("GANTRY_GRPC__TLS__CLIENT_CA", &authority.ca),
            ("GANTRY_CLUSTER__TLS__CA", &authority.ca),
            ("GANTRY_CLUSTER__TLS__CERT", &papers.cert),
            ("GANTRY_CLUSTER__TLS__KEY", &papers.key),
        ] {
            plan.set(name, text(path));
        }
        Secured { plan, authority }
    }

    /// A way to a service that believes the installation's authority and shows these papers, if any.
    fn channel(url: &str, authority: &Authority, papers: Option<&Papers>) -> Channel {
        let read = |path: &PathBuf| std::fs::read(path).unwrap();
        let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(&authority.ca)));
        if let Some(papers) = papers {
            tls = tls.identity(Identity::from_pem(read(&papers.cert), read(&papers.key)));
        }
        let endpoint = Endpoint::from_shared(url.to_owned()).unwrap();
        endpoint.tls_config(tls).unwrap().connect_lazy()
    }

    /// What only the installation's own processes may ask.
    async fn ask(channel: Channel, secret: Option<&str>) -> Result<(), Status> {
        let mut request = Request::new(ResolveHostRequest {
            host: "nobody.localhost".to_owned(),
        });
        if let Some(secret) = secret {
            request
                .metadata_mut()
                .insert(gantry_rpc::CLUSTER, secret.parse().unwrap());
        }
        AuthClient::new(channel).resolve_host(request).await.map(drop)
    }

    #[tokio::test]
    async fn the_story_over_mutual_tls() {
        let mut cluster = secured().await.plan.start(2).await;
        assert!(cluster.service(Service::Auth).grpc.starts_with("https://"));
        story(&cluster.api(0), &cluster.api(1)).await;
        cluster.stop().await;
    }

    #[tokio::test]
    async fn t_39_services_refuse_whom_they_do_not_know() {
        let Secured { plan, authority } = secured().await;
        let own = authority.papers(plan.dir(), "another");
        let foreign_authority = Authority::new(plan.dir(), "foreign");
        let foreign = foreign_authority.papers(plan.dir(), "stranger");
        let auth = Server::start(&plan.service(Service::Auth)).await;
        let url = plan.url(Service::Auth);
        assert_eq!(auth.grpc, url);

        // The installation's own papers and secret: the answer is about the host.
        let known = ask(channel(&url, &authority, Some(&own)), Some(CLUSTER_SECRET)).await;
        assert_eq!(known.unwrap_err().code(), Code::NotFound);
        // Without papers, or with those of another authority, there is no connection, whatever one knows.
        for papers in [None, Some(&foreign)] {
            let refused = ask(channel(&url, &authority, papers), Some(CLUSTER_SECRET))
                .await
                .unwrap_err();
            // The client's own finding, not an answer. Its code depends on which of the two sides closes first.
            assert!(std::error::Error::source(&refused).is_some(), "{refused:?}");
            assert_ne!(refused.code(), Code::NotFound, "{refused:?}");
        }
        // Plainly there is none either.
        let plain = Endpoint::from_shared(url.replace("https", "http"))
            .unwrap()
            .connect_lazy();
        assert!(ask(plain, Some(CLUSTER_SECRET)).await.is_err());
        // Papers alone do not make a peer: the secret is asked for, too.
        for (secret, reason) in [
            (None, "key_missing"),
            (Some("0123456789abcdef0123456789abcdeX"), "peer_unknown"),
        ] {
            let refused = ask(channel(&url, &authority, Some(&own)), secret).await.unwrap_err();
            assert_eq!((refused.code(), refused.message()), (Code::Unauthenticated, reason));
        }
    }

    #[tokio::test]
    async fn t_39_a_program_with_an_api_key_is_no_peer() {
        let Secured { plan, authority } = secured().await;
        let own = authority.papers(plan.dir(), "program");
        let mut cluster = plan.start(1).await;
        let realm = cluster.api(0).new_realm().await;
        let url = cluster.plan.url(Service::Auth);
        let mut auth = AuthClient::new(channel(&url, &authority, Some(&own)));
        auth.list_users(with_key(ListUsersRequest::default(), &realm))
            .await
            .unwrap();
        let internal = ResolveHostRequest {
            host: realm.host.clone(),
        };
        let refused = auth.resolve_host(with_key(internal, &realm)).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
        cluster.stop().await;
    }

    #[tokio::test]
    async fn t_39_a_gateway_that_the_services_do_not_know_serves_nobody() {
        let Secured { plan, .. } = secured().await;
        let foreign = Authority::new(plan.dir(), "foreign").papers(plan.dir(), "stranger");
        let cluster = plan.start(1).await;
        cluster.api(0).new_realm().await;
        let mut stranger = cluster.plan.gateway();
        stranger
            .env("GANTRY_CLUSTER__TLS__CERT", &foreign.cert)
            .env("GANTRY_CLUSTER__TLS__KEY", &foreign.key);
        let mut ignorant = cluster.plan.gateway();
        ignorant.env("GANTRY_CLUSTER_SECRET", "0123456789abcdef0123456789abcdeX");
        for command in [stranger, ignorant] {
            let gateway = Server::start(&command).await;
            let api = Api::at(&gateway.http);
            assert!(!api.is_ready().await);
            let refused = api.get("/v2/realms").await;
            assert_eq!(refused.status, 503, "{refused:?}");
            assert!(refused.json().get("collection").is_none());
            let said = gateway.process.log();
            assert!(
                said.contains("WARN") || said.contains("ERROR"),
                "an operator is told: {said}"
            );
        }
    }

    #[tokio::test]
    async fn what_cannot_be_used_is_said_before_the_ready_line() {
        let Secured { plan, .. } = secured().await;
        let broken = plan.dir().join("broken.pem");
        std::fs::write(
            &broken,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        for variable in [
            "GANTRY_GRPC__TLS__CERT",
            "GANTRY_GRPC__TLS__KEY",
            "GANTRY_GRPC__TLS__CLIENT_CA",
        ] {
            let mut command = plan.service(Service::Event);
            command.env(variable, &broken);
            let mut process = Process::start(&command);
            let code = process.ended().await.code();
            assert_eq!(code, Some(1), "{variable}: {:?}", process.seen());
            assert!(process.seen().is_empty(), "{variable}: {:?}", process.seen());
            let said = process.log();
            assert!(
                said.contains("gantry: ") && said.contains("broken.pem"),
                "{variable}: {said}"
            );
        }
    }
}
