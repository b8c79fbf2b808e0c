//! One call, bounded in every respect.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use http::{Request, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::{Host, Url};

use crate::Policy;

/// How long a call may take from beginning to end.
const TIME: Duration = Duration::from_secs(10);
/// How long it may take until somebody listens.
const CONNECT: Duration = Duration::from_secs(4);
/// The most bytes of an answer's body.
const BODY: usize = 1024 * 1024;

/// What is said of a proxy that cannot be asked.
const NO_PROXY: &str = "egress.proxy is no URL";

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The address must not be called.
    #[error("the address must not be called")]
    Forbidden,
    /// Nobody answered, or not in time.
    #[error("nobody answered: {0}")]
    Unreachable(String),
    /// The answer is larger than any that is of use.
    #[error("the answer is too large")]
    TooLarge,
}

/// Whom names are asked of: the system, and in tests somebody who changes their mind.
#[derive(Debug, Clone)]
enum Names {
    System,
    #[cfg(test)]
    Told(Arc<tests::Fickle>),
}

impl Names {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
            #[cfg(test)]
            Self::Told(fickle) => Ok(fickle.look_up()),
        }
    }
}

/// Calls addresses that users name.
#[derive(Debug, Clone)]
pub struct Egress {
    policy: Arc<Policy>,
    names: Names,
    time: Duration,
    // Made at the first call: it reads the machine's certificates, without which Gantry still serves.
    client: Arc<OnceLock<reqwest::Client>>,
}

impl Egress {
    /// Calls by a policy.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy: Arc::new(policy),
            names: Names::System,
            time: TIME,
            client: Arc::default(),
        }
    }

    /// What may be called.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Sends a request, and reads the whole answer; a redirect is an answer like any other.
    ///
    /// # Errors
    /// When the address must not be called, nobody answers in time, or the answer is too large.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, EgressError> {
        self.check(&request.uri().to_string())?;
        if self.policy.proxy.is_some() {
            // The proxy is told the name: what it leads to is looked at before.
            self.resolve(request.uri().host().unwrap_or_default()).await?;
        }
        let request = reqwest::Request::try_from(request).map_err(|_invalid| EgressError::Forbidden)?;
        let mut answer = self.client()?.execute(request).await.map_err(told)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(told)? {
            if body.len() + chunk.len() > BODY {
                return Err(EgressError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body.to_vec());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }

    /// Finds the addresses of a host that may be called, for what is no HTTP: whoever connects to one of them calls what was checked.
    ///
    /// # Errors
    /// When none of them may be called, or the name is not found.
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, EgressError> {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let found = match bare.unwrap_or(host).parse() {
            Ok(address) => vec![address],
            Err(_a_name) => {
                let found = self.names.look_up(host).await;
                let found = found.map_err(|error| EgressError::Unreachable(error.to_string()))?;
                found.iter().map(SocketAddr::ip).collect()
            }
        };
        let open: Vec<IpAddr> = found
            .into_iter()
            .filter(|address| self.policy.permits(*address))
            .collect();
        match open.is_empty() {
            true => Err(EgressError::Forbidden),
            false => Ok(open),
        }
    }

    /// Checks what can be checked before a name is resolved: an address that is written out never comes to the resolver.
    fn check(&self, url: &str) -> Result<(), EgressError> {
        let url = Url::parse(url).map_err(|_invalid| EgressError::Forbidden)?;
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && self.policy.allow_http);
        let plain = url.username().is_empty() && url.password().is_none();
        let host = match url.host() {
            Some(Host::Ipv4(address)) => self.policy.permits(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.policy.permits(IpAddr::V6(address)),
            Some(Host::Domain(name)) => !name.is_empty(),
            None => false,
        };
        match scheme && plain && host {
            true => Ok(()),
            false => Err(EgressError::Forbidden),
        }
    }

    fn client(&self) -> Result<&reqwest::Client, EgressError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // Another provider that was chosen before is as good.
        let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut made = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
        let mut own = None;
        if let Some(proxy) = &self.policy.proxy {
            let url = Url::parse(proxy.expose()).map_err(|_invalid| EgressError::Unreachable(NO_PROXY.to_owned()))?;
            own = url.host_str().map(str::to_owned);
            made = made.proxy(reqwest::Proxy::all(url).map_err(told)?);
        }
        let made = made
            .timeout(self.time)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("Gantry/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Checked {
                policy: Arc::clone(&self.policy),
                names: self.names.clone(),
                own,
            }))
            .build()
            .map_err(told)?;
        Ok(self.client.get_or_init(|| made))
    }
}

/// What went wrong, without the address: it may hold a secret.
fn told(error: reqwest::Error) -> EgressError {
    if caused_by_policy(&error) {
        return EgressError::Forbidden;
    }
    EgressError::Unreachable(error.without_url().to_string())
}

fn caused_by_policy(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<EgressError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Resolves a name to those of its addresses that may be called: what was checked is what is connected to.
struct Checked {
    policy: Arc<Policy>,
    names: Names,
    /// The host of the operator's proxy, which may be anywhere.
    own: Option<String>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, names) = (Arc::clone(&self.policy), self.names.clone());
        let is_own = self.own.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let mut open = names.look_up(name.as_str()).await?;
            open.retain(|address| is_own || policy.permits(address.ip()));
            if open.is_empty() {
                return Err(EgressError::Forbidden.into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use axum::Router;
    use axum::body::Body;
    use axum::http::{StatusCode, header};
    use axum::routing::get;
    use futures::{StreamExt, stream};
    use parking_lot::Mutex;

    use super::*;

    /// A name server that says something else each time, and at last the same for ever.
    #[derive(Debug)]
    pub(super) struct Fickle {
        answers: Mutex<VecDeque<Vec<&'static str>>>,
        asked: Mutex<usize>,
    }

    impl Fickle {
        pub(super) fn look_up(&self) -> Vec<SocketAddr> {
            *self.asked.lock() += 1;
            let mut answers = self.answers.lock();
            let said = if answers.len() > 1 {
                answers.pop_front()
            } else {
                answers.front().cloned()
            };
            let addresses = said.unwrap().into_iter();
            addresses
                .map(|address| SocketAddr::new(address.parse().unwrap(), 0))
                .collect()
        }
    }

    /// Egress for which 127.0.0.2 is somebody's server out there, and 127.0.0.1 what it always is.
    fn rebound(answers: &[&[&'static str]]) -> (Egress, Arc<Fickle>) {
        let fickle = Arc::new(Fickle {
            answers: Mutex::new(answers.iter().map(|said| said.to_vec()).collect()),
            asked: Mutex::default(),
        });
        let outside = Policy {
            allow: vec!["127.0.0.2/32".parse().unwrap()],
            allow_http: true,
            ..Policy::default()
        };
        let egress = Egress {
            names: Names::Told(Arc::clone(&fickle)),
            ..Egress::new(outside)
        };
        (egress, fickle)
    }

    /// A server that counts who connects to it.
    async fn counting(listener: tokio::net::TcpListener) -> Arc<Mutex<usize>> {
        let count = Arc::new(Mutex::new(0));
        let seen = Arc::clone(&count);
        let away = async move |headers: http::HeaderMap| {
            *seen.lock() += 1;
            let host = headers[header::HOST].to_str().unwrap().to_owned();
            // Each answer ends its connection, so that the next call asks for the name again.
            let headers = [
                (header::LOCATION, format!("http://{host}/again")),
                (header::CONNECTION, "close".to_owned()),
            ];
            (StatusCode::TEMPORARY_REDIRECT, headers)
        };
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, Router::new().fallback(away)).await.unwrap();
        }));
        count
    }

    fn loopback() -> Policy {
        Policy {
            allow: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
            allow_http: true,
            ..Policy::default()
        }
    }

    /// A body that begins and never ends.
    fn begun() -> impl futures::Stream<Item = Result<Vec<u8>, std::io::Error>> {
        stream::once(async { Ok(b"{".to_vec()) }).chain(stream::pending())
    }

    /// A server of somebody else on this machine.
    async fn server() -> SocketAddr {
        let chunks = || stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]));
        let routes = Router::new()
            .route("/ok", get(async || "fine"))
            .route("/slow", get(async || Body::from_stream(begun())))
            .route("/huge", get(async move || Body::from_stream(chunks())))
            .route(
                "/away",
                get(async || (StatusCode::FOUND, [(header::LOCATION, "http://169.254.169.254/")])),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, routes).await.unwrap();
        }));
        address
    }

    async fn get_with(policy: Policy, url: &str) -> Result<Response<Vec<u8>>, EgressError> {
        let request = Request::get(url).body(Vec::new()).unwrap();
        Egress::new(policy).send(request).await
    }

    #[tokio::test]
    async fn t_27_what_is_private_is_not_called_by_address_or_by_name() {
        let port = server().await.port();
        for host in [
            "127.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "localhost",
            "2130706433",
            "0x7f.1",
        ] {
            let url = format!("http://{host}:{port}/ok");
            let http = Policy {
                allow_http: true,
                ..Policy::default()
            };
            let refused = get_with(http, &url).await;
            assert!(matches!(refused, Err(EgressError::Forbidden)), "{host}: {refused:?}");
        }
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("http://{host}:{port}/ok");
            assert_eq!(get_with(loopback(), &url).await.unwrap().body(), b"fine", "{host}");
        }
    }

    #[tokio::test]
    async fn t_27_plain_http_and_other_schemes_are_refused() {
        let address = server().await;
        let secure = Policy {
            allow_http: false,
            ..loopback()
        };
        let plain = get_with(secure, &format!("http://{address}/ok")).await;
        assert!(matches!(plain, Err(EgressError::Forbidden)));
        for url in ["ftp://example.com/", "http://u:p@127.0.0.1/"] {
            let refused = get_with(loopback(), url).await;
            assert!(matches!(refused, Err(EgressError::Forbidden)), "{url}");
        }
    }

    #[tokio::test]
    async fn t_27_no_redirect_is_followed_and_no_answer_is_endless() {
        let address = server().await;
        let away = get_with(loopback(), &format!("http://{address}/away")).await.unwrap();
        assert_eq!(away.status(), 302);
        let huge = get_with(loopback(), &format!("http://{address}/huge")).await;
        assert!(matches!(huge, Err(EgressError::TooLarge)), "{huge:?}");
    }

    #[tokio::test]
    async fn t_27_a_name_that_changes_its_mind_leads_to_no_address_that_was_not_checked() {
        let outside = tokio::net::TcpListener::bind("127.0.0.2:0").await.unwrap();
        let port = outside.local_addr().unwrap().port();
        let inside = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let (outside, inside) = (counting(outside).await, counting(inside).await);
        let url = format!("http://rebound.example:{port}/token");
        let call = async |egress: &Egress| egress.send(Request::get(&url).body(Vec::new()).unwrap()).await;

        // First it is somewhere else, then here: the first answer is what is connected to, and a redirect to the same name is not followed.
        let (egress, names) = rebound(&[&["127.0.0.2"], &["127.0.0.1"]]);
        assert_eq!(call(&egress).await.unwrap().status(), 307);
        assert_eq!((*names.asked.lock(), *outside.lock()), (1, 1));
        let refused = call(&egress).await;
        assert!(matches!(refused, Err(EgressError::Forbidden)), "{refused:?}");
        // Of several addresses those alone that may be called are tried, in whichever order they come.
        for answer in [
            ["127.0.0.1", "127.0.0.2"],
            ["127.0.0.2", "127.0.0.1"],
            ["::1", "127.0.0.2"],
        ] {
            let (egress, _) = rebound(&[&answer]);
            assert_eq!(call(&egress).await.unwrap().status(), 307, "{answer:?}");
        }
        for answer in [
            &["127.0.0.1"][..],
            &["::ffff:127.0.0.1", "::1", "169.254.169.254", "0.0.0.0"],
        ] {
            let (egress, _) = rebound(&[answer]);
            let refused = call(&egress).await;
            assert!(matches!(refused, Err(EgressError::Forbidden)), "{answer:?} {refused:?}");
        }
        assert_eq!((*outside.lock(), *inside.lock()), (4, 0));
    }

    #[tokio::test]
    async fn t_27_a_host_is_resolved_to_what_may_be_called() {
        let (egress, _) = rebound(&[&["127.0.0.1", "127.0.0.2"]]);
        assert_eq!(
            egress.resolve("mail.a.example").await.unwrap(),
            ["127.0.0.2".parse::<IpAddr>().unwrap()]
        );
        for closed in ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254"] {
            assert!(
                matches!(egress.resolve(closed).await, Err(EgressError::Forbidden)),
                "{closed}"
            );
        }
        let (egress, _) = rebound(&[&["127.0.0.1"]]);
        assert!(matches!(
            egress.resolve("mail.a.example").await,
            Err(EgressError::Forbidden)
        ));
    }

    #[tokio::test]
    async fn t_27_an_answer_that_never_ends_is_not_waited_for() {
        let address = server().await;
        let request = Request::get(format!("http://{address}/slow")).body(Vec::new()).unwrap();
        let impatient = Egress {
            time: Duration::from_millis(300),
            ..Egress::new(loopback())
        };
        let ended = impatient.send(request).await;
        assert!(matches!(ended, Err(EgressError::Unreachable(_))), "{ended:?}");
    }

    #[tokio::test]
    async fn what_went_wrong_does_not_tell_the_address() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let error = get_with(loopback(), &format!("http://{address}/ok?token=canary")).await;
        let error = error.unwrap_err();
        assert!(matches!(error, EgressError::Unreachable(_)));
        assert!(!format!("{error:?}").contains("canary"));
    }

    /// A proxy that writes down what it is asked for, and answers for everybody.
    async fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        let app = Router::new().fallback(move |request: axum::extract::Request| {
            let login = request.headers().get(header::PROXY_AUTHORIZATION);
            let login = login
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default();
            noted
                .lock()
                .push(format!("{} {} {login}", request.method(), request.uri()));
            async { "by proxy" }
        });
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, app).await.unwrap()
        }));
        (address.to_string(), asked)
    }

    #[tokio::test]
    async fn t_27_a_proxy_is_asked_for_what_may_be_called_and_for_nothing_else() {
        let (address, asked) = proxy().await;
        let (mut egress, fickle) = rebound(&[&["127.0.0.2"], &["127.0.0.1"]]);
        let policy = Policy {
            proxy: Some(gantry_kernel::Secret::new(format!("http://u:p@{address}"))),
            ..Policy::clone(egress.policy())
        };
        egress.policy = Arc::new(policy);
        let get = |url: &str| Request::get(url).body(Vec::new()).unwrap();
        // The proxy stands at an address that nobody else may be at.
        let answer = egress.send(get("http://a.example/x")).await.unwrap();
        assert_eq!(answer.body(), b"by proxy");
        assert_eq!(*asked.lock(), ["GET http://a.example/x Basic dTpw"]);
        // What leads inside now is not asked for, nor is what is written out.
        for url in ["http://a.example/x", "http://127.0.0.1/x", "http://10.0.0.1/"] {
            let refused = egress.send(get(url)).await;
            assert!(matches!(refused, Err(EgressError::Forbidden)), "{url}");
        }
        assert_eq!((asked.lock().len(), *fickle.asked.lock()), (1, 2));
        // Over TLS it is asked for a way through.
        let mut secure = egress.clone();
        secure.names = rebound(&[&["127.0.0.2"]]).0.names;
        let refused = secure.send(get("https://a.example/x")).await;
        assert!(refused.is_err());
        assert!(
            asked.lock()[1].starts_with("CONNECT a.example:443"),
            "{:?}",
            asked.lock()
        );
    }
}
