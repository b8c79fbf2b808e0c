//! What configures a realm, from messages and to messages: client apps, domains, named permissions, resource links.

use gantry_kernel::Secret;
use gantry_proto::auth::v2::{
    ClientApp, ClientAppInput, Domain, DomainInput, NamedPermission, NamedPermissionInput, ResourceLink,
    ResourceLinkInput,
};
use gantry_rpc::{Present, sent, sent_list};

use super::output::seconds;
use crate::rules::domain::VERIFIED;
use crate::rules::{app, domain, named_permission, resource_link};
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
    }
}

pub(crate) fn domain(row: DomainRow) -> Domain {
    let proof = domain::proof(&row);
    let (verification_name, verification_value) = proof.unzip();
    let flags = if row.dns_state == VERIFIED {
        None
    } else {
        Some("needs_dns")
    };
    Domain {
        object: "domain".to_owned(),
        uri: format!("https://{}", row.fqdn),
        created_at: seconds(row.created_at),
        flags: flags.into_iter().map(str::to_owned).collect(),
        cert_state: "unmanaged".to_owned(),
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
