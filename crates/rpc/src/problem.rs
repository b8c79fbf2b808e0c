//! A problem as a gRPC status, and back: the reason and the named fields travel as details, the message is the reason's key.

use gantry_kernel::{GrpcCode, Problem, Reason, Violation};
use gantry_proto::options::v1 as wire;
use prost::Message;
use tonic::{Code, Status};

const TYPE_URL: &str = "type.googleapis.com/gantry.options.v1.Problem";

/// `google.rpc.Status`, in which details travel (field numbers are Google's).
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<prost_types::Any>,
}

fn code(code: GrpcCode) -> Code {
    Code::from_i32(code as i32)
}

/// Turns a problem into a status.
pub fn to_status(problem: &Problem) -> Status {
    let violations = problem.violations.iter().map(|violation| wire::Violation {
        field: violation.field.clone(),
        key: violation.key.clone(),
        args: violation.args.iter().cloned().collect(),
    });
    let detail = wire::Problem {
        reason: problem.reason.key().to_owned(),
        violations: violations.collect(),
        retry_after_ms: problem.retry_after_ms.unwrap_or(0),
        retry_url: problem.retry_url.clone().unwrap_or_default(),
        locale: problem.locale.clone().unwrap_or_default(),
    };
    let code = code(problem.reason.grpc());
    let status = RpcStatus {
        code: code as i32,
        message: problem.reason.key().to_owned(),
        details: vec![prost_types::Any {
            type_url: TYPE_URL.to_owned(),
            value: detail.encode_to_vec(),
        }],
    };
    Status::with_details(code, problem.reason.key(), status.encode_to_vec().into())
}

/// Reads the problem that a status carries; a status that carries none is told by its code.
pub fn from_status(status: &Status) -> Problem {
    read(status).unwrap_or_else(|| {
        Problem::new(match status.code() {
            Code::NotFound => Reason::NotFound,
            Code::PermissionDenied => Reason::PermissionMissing,
            Code::Unavailable => Reason::Unavailable,
            Code::DeadlineExceeded | Code::Cancelled => Reason::Timeout,
            _ => Reason::Internal,
        })
    })
}

fn read(status: &Status) -> Option<Problem> {
    let details = RpcStatus::decode(status.details()).ok()?.details;
    let detail = details.into_iter().find(|any| any.type_url == TYPE_URL)?;
    let problem = wire::Problem::decode(detail.value.as_slice()).ok()?;
    let violations = problem.violations.into_iter().map(|violation| {
        let mut args: Vec<_> = violation.args.into_iter().collect();
        args.sort();
        Violation {
            field: violation.field,
            key: violation.key,
            args,
        }
    });
    Some(Problem {
        reason: Reason::from_key(&problem.reason)?,
        violations: violations.collect(),
        retry_after_ms: (problem.retry_after_ms > 0).then_some(problem.retry_after_ms),
        retry_url: Some(problem.retry_url).filter(|url| !url.is_empty()),
        locale: Some(problem.locale).filter(|locale| !locale.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_survives_the_wire() {
        let problem = Problem::invalid(vec![
            Violation::new("email", "taken"),
            Violation::new("name", "too_long").with("max", 5),
        ])
        .retry_after_ms(7)
        .retry_url("https://login.example/".to_owned())
        .locale("es");
        assert_eq!(from_status(&to_status(&problem)), problem);
    }

    #[test]
    fn every_reason_survives_the_wire() {
        for reason in Reason::ALL {
            assert_eq!(from_status(&to_status(&Problem::new(*reason))).reason, *reason);
        }
    }

    #[test]
    fn a_foreign_status_is_told_by_its_code() {
        assert_eq!(
            from_status(&Status::unavailable("secret text")).reason,
            Reason::Unavailable
        );
        assert_eq!(from_status(&Status::unknown("secret text")).reason, Reason::Internal);
    }
}
