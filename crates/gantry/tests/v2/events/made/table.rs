//! The table: every rpc, and the types of events that its success makes. Written by hand, so that a new rpc without a line fails here.

use std::collections::BTreeSet;

use gantry_proto::{ROUTES, RPCS};

use super::Seen;

/// What a sign-up makes, whichever way it goes.
const SIGNUP: &str = "user.created org.created membership.created user.email.verifying user.login.succeeded \
     invitation.preverify.created invitation.preverify.invited invitation.preverify.accepted";
/// What all invitations make, by the last word.
const INVITED: [&str; 4] = ["org", "preverify", "referral", "request"];

const TABLE: &[(&str, &str)] = &[
    ("Auth/ListRealms", ""),
    ("Auth/GetRealm", ""),
    ("Auth/CreateRealm", ""),
    ("Auth/UpdateRealm", ""),
    // A realm that goes takes its events along.
    ("Auth/DeleteRealm", ""),
    ("Auth/ResetRealm", ""),
    ("Auth/ListUsers", ""),
    ("Auth/GetUser", ""),
    ("Auth/CreateUser", "user.created"),
    ("Auth/AuthenticateUser", "user.login.succeeded user.login.initiated"),
    ("Auth/AuthenticateToken", "user.login.succeeded"),
    (
        "Auth/UpdateUser",
        "user.updated user.password.updated user.email.updating user.email.verifying session.deleted",
    ),
    ("Auth/DeleteUser", "user.deleted"),
    ("Auth/UpdateUserPassword", "user.password.updated session.deleted"),
    ("Auth/UpdateUserProfile", "user.profile.updated"),
    ("Auth/RequestEmailVerification", "user.email.verifying"),
    ("Auth/VerifyEmail", "user.email.verified"),
    ("Auth/GeneratePasswordToken", "user.password.resetting"),
    (
        "Auth/ResetPasswordWithToken",
        "user.password.updated user.login.succeeded session.deleted",
    ),
    (
        "Auth/AcceptInvitation",
        "invitation.*.accepted membership.created user.email.verified",
    ),
    ("Auth/GenerateRecoveryCodes", ""),
    ("Auth/GetCredential", ""),
    ("Auth/CreateCredential", ""),
    ("Auth/UpdateCredential", "user.password.updated"),
    ("Auth/DeleteCredential", ""),
    ("Auth/VerifyCredential", ""),
    ("Auth/ListAuthProviders", ""),
    ("Auth/GetAuthProvider", ""),
    ("Auth/CreateAuthProvider", ""),
    ("Auth/UpdateAuthProvider", ""),
    ("Auth/DeleteAuthProvider", ""),
    ("Auth/ListAuthorizeUrls", ""),
    ("Auth/GetAuthorizeUrl", ""),
    ("Auth/AuthorizeCode", "user.created user.login.succeeded"),
    ("Auth/AuthorizeToken", "user.login.succeeded"),
    ("Auth/ListOrgs", ""),
    ("Auth/GetOrg", ""),
    ("Auth/CreateOrg", "org.created"),
    ("Auth/UpdateOrg", "org.updated org.closed"),
    ("Auth/DeleteOrg", "org.closed"),
    ("Auth/ListMemberships", ""),
    ("Auth/GetMembership", ""),
    ("Auth/CreateMembership", "membership.created"),
    ("Auth/UpdateMembership", "membership.updated"),
    ("Auth/DeleteMembership", "membership.deleted"),
    ("Auth/ListInvitations", ""),
    ("Auth/GetInvitation", ""),
    ("Auth/CreateInvitation", "invitation.*.created"),
    ("Auth/UpdateInvitation", "invitation.*.updated"),
    ("Auth/DeleteInvitation", ""),
    ("Auth/SendInvitation", "invitation.*.invited"),
    ("Auth/ListClientApps", ""),
    ("Auth/GetClientApp", ""),
    ("Auth/CreateClientApp", ""),
    ("Auth/UpdateClientApp", ""),
    ("Auth/DeleteClientApp", ""),
    ("Auth/ListDomains", ""),
    ("Auth/GetDomain", ""),
    ("Auth/CreateDomain", ""),
    ("Auth/UpdateDomain", ""),
    ("Auth/DeleteDomain", ""),
    ("Auth/VerifyDomain", ""),
    ("Auth/GetNamedPermission", ""),
    ("Auth/CreateNamedPermission", ""),
    ("Auth/UpdateNamedPermission", ""),
    ("Auth/DeleteNamedPermission", ""),
    ("Auth/GetResourceLink", ""),
    ("Auth/CreateResourceLink", ""),
    ("Auth/UpdateResourceLink", ""),
    ("Auth/DeleteResourceLink", ""),
    (
        "Auth/Login",
        "user.login.succeeded user.login.initiated org.created membership.created",
    ),
    (
        "Auth/VerifyLogin",
        "user.login.succeeded org.created membership.created",
    ),
    ("Auth/ForgotPassword", "user.password.resetting"),
    (
        "Auth/ResetPassword",
        "user.password.updated user.login.succeeded session.deleted org.created membership.created",
    ),
    ("Auth/ChangePassword", "user.password.updated"),
    ("Auth/UpdateProfile", "user.profile.updated user.email.updating"),
    ("Auth/RequestInvitation", "invitation.request.created"),
    ("Auth/Signup", SIGNUP),
    ("Auth/ConfirmEmail", "user.email.verified"),
    ("Auth/StartEmailLogin", "user.login.requested"),
    (
        "Auth/FinishEmailLogin",
        "user.email.verified user.login.succeeded session.deleted",
    ),
    ("Auth/StartPasskeyRegistration", ""),
    ("Auth/FinishPasskeyRegistration", "user.updated"),
    ("Auth/ListPasskeys", ""),
    ("Auth/DeletePasskey", "user.updated"),
    ("Auth/StartPasskeyLogin", ""),
    ("Auth/FinishPasskeyLogin", "user.login.succeeded"),
    ("Session/ListSessions", ""),
    ("Session/GetSession", ""),
    ("Session/CreateSession", ""),
    ("Session/DeleteSession", "session.deleted"),
    ("Session/ListJwtKeys", ""),
    ("Session/GetJwtKey", ""),
    ("Session/CreateJwtKey", ""),
    ("Session/ActivateJwtKey", ""),
    ("Session/DeleteJwtKey", ""),
    ("Session/CreateOauth2Session", ""),
    ("Session/GetOauth2Session", ""),
    ("Session/ExchangeOauth2Code", ""),
    ("Session/GetLoginSession", ""),
    ("Session/DeleteLoginSession", "session.deleted"),
    ("Session/GetJwks", ""),
    ("Event/ListEvents", ""),
    ("Event/GetEvent", ""),
    ("Event/ExportEvents", ""),
    ("Event/Watch", ""),
    ("Event/GetEventRetention", ""),
    ("Event/UpdateEventRetention", ""),
    ("Event/ListHooks", ""),
    ("Event/GetHook", ""),
    ("Event/CreateHook", ""),
    ("Event/UpdateHook", ""),
    ("Event/DeleteHook", ""),
    ("Event/PingHook", ""),
    ("Event/RotateHookSecret", ""),
    ("Event/ListNotifications", ""),
    ("Event/GetNotification", ""),
    ("Event/ReplayNotification", ""),
    ("Event/CreateReplay", ""),
    ("Event/ListSmtpProviders", ""),
    ("Event/GetSmtpProvider", ""),
    ("Event/CreateSmtpProvider", ""),
    ("Event/UpdateSmtpProvider", ""),
    ("Event/DeleteSmtpProvider", ""),
    ("Event/ListMailingListProviders", ""),
    ("Event/GetMailingListProvider", ""),
    ("Event/CreateMailingListProvider", ""),
    ("Event/UpdateMailingListProvider", ""),
    ("Event/DeleteMailingListProvider", ""),
    ("Event/ListMailingListSubscriptions", ""),
    ("Event/GetMailingListSubscription", ""),
    ("Event/CreateMailingListSubscription", ""),
    ("Event/UpdateMailingListSubscription", ""),
    ("Event/DeleteMailingListSubscription", ""),
];

/// What has no address over HTTP: it only looks, or does a part of a call that is in the table.
const INSIDE: &[&str] = &[
    "Auth/ResolveKey",
    "Auth/ResolveHost",
    "Auth/DescribeLogin",
    "Auth/DescribeRealm",
    "Auth/DescribeRecipient",
    "Auth/GetVersions",
    "Auth/FindCertificates",
    "Auth/CheckClient",
    "Session/CheckToken",
    "Session/CheckSession",
    "Session/FindSession",
    "Session/OpenSession",
    "Session/EndSessions",
    "Session/WipeRealm",
    "Session/GetStamps",
    "Session/ProvideKey",
    "Event/Append",
    "Event/WipeRealm",
];

/// Rpcs of the table that are called elsewhere, where somebody holds a passkey: `passkeys` and `login/passkey` say what they make.
const ELSEWHERE: &[&str] = &[
    "Auth/StartPasskeyRegistration",
    "Auth/FinishPasskeyRegistration",
    "Auth/ListPasskeys",
    "Auth/DeletePasskey",
    "Auth/StartPasskeyLogin",
    "Auth/FinishPasskeyLogin",
];

/// Types that time makes and no call; `memberships/id` and `invitations` have the tests.
const BY_TIME: &str = "invitation.*.expired";
/// Types that a refused call makes.
const BY_REFUSAL: &str = "user.login.failed";

/// Contract 5.1, whole.
const CONTRACT: &str = "invitation.*.created invitation.*.updated invitation.*.invited invitation.*.accepted invitation.*.expired \
     membership.created membership.updated membership.deleted org.created org.updated org.closed session.deleted \
     user.created user.updated user.deleted user.email.updating user.email.verifying user.email.verified \
     user.login.succeeded user.login.failed user.login.initiated user.password.resetting user.password.updated \
     user.profile.updated";
/// Ours, beside it.
const OURS: &str = "user.login.requested";

/// The types that a line names; a star stands for each type of invitation.
fn types(line: &str) -> BTreeSet<String> {
    let each = |word: &str| match word.split_once('*') {
        Some((before, behind)) => INVITED.map(|kind| format!("{before}{kind}{behind}")).to_vec(),
        None => vec![word.to_owned()],
    };
    line.split_whitespace().flat_map(each).collect()
}

/// Where the table, the contract and what was seen do not agree.
pub(super) fn differences(seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    for rpc in RPCS {
        let name = format!("{}/{}", rpc.service.rsplit('.').next().unwrap(), rpc.method);
        let has_route = ROUTES.iter().any(|route| route.rpc.path == rpc.path);
        let line = TABLE.iter().find(|(known, _)| *known == name);
        match (line, seen.get(&name)) {
            (None, _) if !has_route && INSIDE.contains(&name.as_str()) => {}
            (None, _) => wrong.push(format!(
                "{name} is in the contract and not in the table: say what events it makes"
            )),
            (Some(_), None) if ELSEWHERE.contains(&name.as_str()) => {}
            (Some(_), None) => wrong.push(format!("{name} was never called with success")),
            (Some((_, line)), Some(seen)) if types(line) != *seen => {
                wrong.push(format!("{name} makes {seen:?}, the table says {line:?}"));
            }
            (Some(_), Some(_)) => {}
        }
    }
    let lines = TABLE.iter().map(|(_, line)| *line).chain([BY_TIME, BY_REFUSAL]);
    let made: BTreeSet<String> = lines.flat_map(types).collect();
    let contract: BTreeSet<String> = [CONTRACT, OURS].into_iter().flat_map(types).collect();
    wrong.extend(contract.difference(&made).map(|name| format!("nothing makes {name}")));
    wrong.extend(
        made.difference(&contract)
            .map(|name| format!("{name} is not in the contract")),
    );
    wrong
}
