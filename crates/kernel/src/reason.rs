//! The closed list of reasons why a call fails: the hinge between rules, gRPC and HTTP.

/// A gRPC status code, by its number (kernel knows no tonic).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are gRPC's own")]
pub enum GrpcCode {
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

macro_rules! reasons {
    ($( $(#[$doc:meta])* $name:ident = $key:literal, $http:literal, $grpc:ident; )*) => {
        /// Why a call failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason { $( $(#[$doc])* $name, )* }

        impl Reason {
            /// Every reason, in the order of the table in docs/ERRORS.md.
            pub const ALL: &'static [Reason] = &[ $( Reason::$name, )* ];

            /// The word used on the wire, in logs, and (behind `error.`) in locales/.
            pub fn key(self) -> &'static str {
                match self { $( Reason::$name => $key, )* }
            }

            /// The HTTP status.
            pub fn http(self) -> u16 {
                match self { $( Reason::$name => $http, )* }
            }

            /// The gRPC status code.
            pub fn grpc(self) -> GrpcCode {
                match self { $( Reason::$name => GrpcCode::$grpc, )* }
            }
        }
    };
}

reasons! {
    /// Fields break a rule; the violations say which.
    Invalid = "invalid", 422, InvalidArgument;
    /// The body, query or path cannot be read.
    Malformed = "malformed", 400, InvalidArgument;
    /// User and password do not belong together, or the user may not log in: one answer for all (T-07).
    LoginFailed = "login_failed", 422, FailedPrecondition;
    /// Too many wrong passwords for this account of late (contract 1.6: a 422, not a 429).
    TooManyAttempts = "too_many_attempts", 422, ResourceExhausted;
    /// No API key was sent.
    KeyMissing = "key_missing", 403, Unauthenticated;
    /// The API key is unknown or was revoked.
    KeyWrong = "key_wrong", 403, Unauthenticated;
    /// The API key lacks the permission that the call needs.
    PermissionMissing = "permission_missing", 403, PermissionDenied;
    /// The session is missing, unknown, ended or expired.
    SessionInvalid = "session_invalid", 403, Unauthenticated;
    /// The peer is not one of this installation's own services.
    PeerUnknown = "peer_unknown", 403, Unauthenticated;
    /// The call needs a realm and neither request, headers nor key name one.
    RealmMissing = "realm_missing", 400, InvalidArgument;
    /// Nothing there, or nothing that this caller may see.
    NotFound = "not_found", 404, NotFound;
    /// The path exists, the verb does not.
    MethodNotAllowed = "method_not_allowed", 405, FailedPrecondition;
    /// `Accept` excludes JSON.
    NotAcceptable = "not_acceptable", 406, FailedPrecondition;
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", 408, DeadlineExceeded;
    /// A stream was not read for too long; it can be taken up again where it ended.
    ReaderTooSlow = "reader_too_slow", 408, Aborted;
    /// The state of the thing forbids it.
    Conflict = "conflict", 409, Aborted;
    /// The body is larger than its limit.
    BodyTooLarge = "body_too_large", 413, ResourceExhausted;
    /// The URI is longer than its limit.
    UriTooLong = "uri_too_long", 414, InvalidArgument;
    /// The body is neither JSON nor a form.
    UnsupportedMediaType = "unsupported_media_type", 415, InvalidArgument;
    /// The `Expect` header asks for what is not offered.
    ExpectationFailed = "expectation_failed", 417, FailedPrecondition;
    /// Plain HTTP where only HTTPS is served.
    HttpsRequired = "https_required", 421, FailedPrecondition;
    /// A rate limit was met.
    RateLimited = "rate_limited", 429, ResourceExhausted;
    /// Too much of this is going on at once: the queue for password hashing is full, or all places for watchers are taken.
    Busy = "busy", 429, ResourceExhausted;
    /// The headers are larger than their limit.
    HeadersTooLarge = "headers_too_large", 431, InvalidArgument;
    /// A defect of ours; the log has the chain, the caller has the request id.
    Internal = "internal", 500, Internal;
    /// Stored data contradicts itself; a human must look.
    Inconsistent = "inconsistent", 500, DataLoss;
    /// Something that this call needs is away.
    Unavailable = "unavailable", 503, Unavailable;
    /// The answer took too long.
    Timeout = "timeout", 504, DeadlineExceeded;
}

impl Reason {
    /// Finds a reason by its key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.key() == key)
    }

    /// Tells whether it is our fault rather than the caller's: such a failure is logged as an error.
    pub fn is_ours(self) -> bool {
        self.http() >= 500
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_find_their_reason() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_key(reason.key()), Some(*reason));
        }
    }
}
