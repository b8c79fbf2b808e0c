//! Auth: realms, users, credentials, orgs, memberships, client apps, domains, API keys.
