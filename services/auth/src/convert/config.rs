//! What configures a realm, from messages and to messages: client apps, domains, named permissions, resource links.

use gantry_kernel::Secret;
use gantry_proto::auth::v2::{
    ClientApp, ClientAppInput, Domain, DomainInput, NamedPermission, NamedPermissionInput, ResourceLink,
    ResourceLinkInput,
};
use gantry_rpc::{Present, sent, sent_list};

use super::output::seconds;
use crate::rules::domain::VERIFIED;
use crate::rules::{app, certificate, domain, named_permission, resource_link};
use crate::store::{ClientAppRow, DomainRow, NamedPermissionRow, ResourceLinkRow};

pub(crate) fn client_app_input(mut input: ClientAppInput) -> app::Input {
    let present = Present(std::mem::take(&mut input.present));
    app::Input {
        client_type: sent!(present, input.client_type),
        name: sent!(present, input.name),
        state: sent!(present, input.state),
        redirect_uris: sent_list!(present, input.redirect_uris),
        allowed_scopes: sent_list!(present, input.allowed_scopes),
        app_type: sent!(present, input.app_type),
        logo: sent!(present, input.logo),
        trusted: sent!(present, input.trusted),
        secret: sent!(present, input.secret).map(|sent| sent.map(Secret::new)),
    }
}

/// A client app; its secret only where it was made just now.
pub(crate) fn client_app(row: ClientAppRow, secret: Option<Secret>) -> ClientApp {
    ClientApp {
        object: "client_app".to_owned(),
        redirect_uris: row.redirect_uris.to_strings(),
        created_at: seconds(row.created_at),
        id: row.id,
        realm_id: row.realm_id,
        client_type: row.client_type,
        name: row.name,
        state: row.state,
        allowed_scopes: row.allowed_scopes.to_strings(),
        app_type: row.app_type,
        logo: row.logo,
        trusted: row.trusted,
        secret: secret.map(|secret| secret.expose().to_owned()),
    }
}

pub(crate) fn domain_input(mut input: DomainInput) -> domain::Input {
    let present = Present(std::mem::take(&mut input.present));
    domain::Input {
        state: sent!(present, input.state),
        domain_type: input.domain_type,
        subdomain: input.subdomain,
        domain: input.domain,
        certificate: certificate::Input {
            certificate: sent!(present, input.certificate),
            private_key: sent!(present, input.private_key).map(|sent| sent.map(Secret::new)),
        },
    }
}

/// A domain as it is shown now; `managed` says whether an authority gives certificates.
pub(crate) fn domain(row: DomainRow, managed: bool, now: i64) -> Domain {
    let proof = domain::proof(&row);
    let (verification_name, verification_value) = proof.unzip();
    let flags = [
        (row.dns_state != VERIFIED).then_some("needs_dns"),
        row.cert_error.as_ref().map(|_| "cert_failed"),
    ];
    let cert_state = certificate::state(&row, managed, now);
    Domain {
        object: "domain".to_owned(),
        uri: format!("https://{}", row.fqdn),
        created_at: seconds(row.created_at),
        flags: flags.into_iter().flatten().map(str::to_owned).collect(),
        cert_state: cert_state.to_owned(),
        cert_source: row.cert_source,
        cert_expires_at: row.cert_expires_at.map(seconds),
        cert_error: row.cert_error,
        id: row.id,
        realm_id: row.realm_id,
        domain_type: row.domain_type,
        subdomain: row.subdomain,
        domain: row.domain,
        fqdn: row.fqdn,
        state: row.state,
        dns_state: row.dns_state,
        verification_name,
        verification_value,
    }
}

pub(crate) fn named_permission_input(mut input: NamedPermissionInput) -> named_permission::Input {
    let present = Present(std::mem::take(&mut input.present));
    named_permission::Input {
        name: sent!(present, input.name),
        permission: sent!(present, input.permission),
        auto_grant: sent!(present, input.auto_grant),
    }
}

pub(crate) fn named_permission(row: NamedPermissionRow) -> NamedPermission {
    NamedPermission {
        object: "named_permission".to_owned(),
        id: row.id,
        realm_id: row.realm_id,
        name: row.name,
        permission: row.permission,
        auto_grant: row.auto_grant,
        created_at: seconds(row.created_at),
    }
}

pub(crate) fn resource_link_input(mut input: ResourceLinkInput) -> resource_link::Input {
    let present = Present(std::mem::take(&mut input.present));
    resource_link::Input {
        title: sent!(present, input.title),
        link_url: sent!(present, input.link_url),
        resource_type: sent!(present, input.resource_type),
    }
}

pub(crate) fn resource_link(row: ResourceLinkRow) -> ResourceLink {
    ResourceLink {
        object: "resource_link".to_owned(),
        id: row.id,
        realm_id: row.realm_id,
        title: row.title,
        link_url: row.link_url,
        resource_type: row.resource_type,
        created_at: seconds(row.created_at),
    }
}
