//! Where a call comes from, as it is kept on events and sessions (contract 1.7): the end user's address and program.

use std::net::IpAddr;

use gantry_kernel::Problem;
use gantry_proto::Access;
use gantry_proto::options::v1::RequestInfo;

use crate::Call;

/// The most characters that are kept of what a program calls itself.
const CLIENT_MAX: usize = 512;

/// The end user's address and program, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address, in the one way of writing it.
    pub ip: Option<String>,
    /// What the program calls itself, on one line.
    pub client: Option<String>,
}

impl From<Origin> for RequestInfo {
    fn from(origin: Origin) -> Self {
        Self {
            ip: origin.ip,
            client: origin.client,
        }
    }
}

/// Finds out where a call comes from.
///
/// A back end with an API key tells it (`request`); its own connection says nothing about its user. On a realm's host it is
/// the connection's, whatever the body claims. A service passes on what it found out; if it says nothing, its caller's holds.
///
/// # Errors
/// With a violation when a back end names an address that is none.
pub fn origin(call: &Call, told: Option<&RequestInfo>) -> Result<Origin, Problem> {
    let believed = match call.caller.access() {
        Access::Key => told,
        Access::Service => match told {
            Some(told) => Some(told),
            None => return Ok(connection(call)),
        },
        Access::Unspecified | Access::Anyone | Access::Session => return Ok(connection(call)),
    };
    let ip = believed
        .and_then(|told| given(told.ip.as_deref()))
        .map(|text| address(text).ok_or_else(|| Problem::field("ip", "unknown")));
    Ok(Origin {
        ip: ip.transpose()?,
        client: believed.and_then(|told| program(told.client.as_deref())),
    })
}

fn connection(call: &Call) -> Origin {
    Origin {
        ip: given(Some(&call.caller.ip)).and_then(address),
        client: program(Some(&call.caller.client)),
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn address(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    Some(address.to_canonical().to_string())
}

/// Control characters would break a mail's header or a log's line, and PostgreSQL keeps no NUL.
fn program(text: Option<&str>) -> Option<String> {
    let text = given(text)?;
    let line = text
        .chars()
        .take(CLIENT_MAX)
        .map(|c| if c.is_control() { ' ' } else { c });
    Some(line.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_proto::options::v1::Caller;

    fn call(access: Access) -> Call {
        let caller = Caller {
            access: access as i32,
            ip: "10.0.0.1".to_owned(),
            client: "connection".to_owned(),
            ..Caller::default()
        };
        Call {
            caller,
            ..Call::default()
        }
    }

    fn told(ip: &str, client: &str) -> RequestInfo {
        RequestInfo {
            ip: Some(ip.to_owned()),
            client: Some(client.to_owned()),
        }
    }

    fn made(ip: &str, client: &str) -> Origin {
        Origin {
            ip: Some(ip.to_owned()),
            client: Some(client.to_owned()),
        }
    }

    #[test]
    fn a_back_end_tells_it_and_its_own_connection_is_not_its_users() {
        let call = call(Access::Key);
        assert_eq!(origin(&call, None).unwrap(), Origin::default());
        assert_eq!(origin(&call, Some(&told("", " "))).unwrap(), Origin::default());
        let told = told(" ::ffff:192.0.2.7 ", "Browser");
        assert_eq!(origin(&call, Some(&told)).unwrap(), made("192.0.2.7", "Browser"));
    }

    #[test]
    fn t_09_on_a_realms_host_the_connection_says_it_whatever_the_body_claims() {
        let here = made("10.0.0.1", "connection");
        assert_eq!(
            origin(&call(Access::Anyone), Some(&told("192.0.2.7", "x"))).unwrap(),
            here
        );
        assert_eq!(origin(&call(Access::Service), None).unwrap(), here);
        assert_eq!(
            origin(&call(Access::Service), Some(&told("::1", "x"))).unwrap(),
            made("::1", "x")
        );
    }

    #[test]
    fn an_address_must_be_one_and_a_program_fits_its_line() {
        for bad in ["localhost", "1.2.3", "10.0.0.1:80", "fe80::1%eth0", "1.2.3.4, 5.6.7.8"] {
            let problem = origin(&call(Access::Key), Some(&told(bad, "x"))).unwrap_err();
            assert_eq!(problem.violations[0].field, "ip", "{bad}");
        }
        let long = "é".repeat(600);
        let kept = origin(&call(Access::Key), Some(&told("", &long)))
            .unwrap()
            .client
            .unwrap();
        assert_eq!(kept.chars().count(), 512);
        let kept = origin(&call(Access::Key), Some(&told("", "a\r\nBcc: b\0c"))).unwrap();
        assert_eq!(kept.client.as_deref(), Some("a  Bcc: b c"));
    }
}
