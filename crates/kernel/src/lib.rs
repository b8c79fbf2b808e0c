//! Words that three rooms or more share: ids, time, randomness, secrets, addresses, pages, reasons.
//!
//! Entry rule: no I/O, no async, used by three rooms or more. Anything else lives with its user.

mod checks;
mod clock;
mod email;
mod id;
mod locale;
mod origin;
mod page;
mod problem;
mod reason;
mod rng;
mod secret;

pub use checks::Checks;
pub use clock::{Clock, ManualClock, SystemClock};
pub use email::{Email, normalize_identity};
pub use id::{
    ClientAppId, CredentialId, DomainId, EventId, HookId, Id, IdSource, InvalidId, InvitationId, JwtKeyId, KeyId,
    MailingListProviderId, MailingListSubscriptionId, MembershipId, NamedPermissionId, NotificationId, OauthSessionId,
    OrgId, ProviderId, RealmId, RequestId, ResourceLinkId, SessionId, SmtpProviderId, UserId, base62,
};
pub use locale::Locale;
pub use origin::normalize_origin;
pub use page::{Direction, Page, PageLimits, Sort};
pub use problem::{Problem, Violation};
pub use reason::{GrpcCode, Reason};
pub use rng::{Rng, SeededRng, SystemRng};
pub use secret::Secret;
