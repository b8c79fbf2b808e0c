//! T-03: what belongs to another realm is answered exactly like what does not exist, wherever it is named.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::common::external::parameter;
use crate::common::{App, PASSWORD, ROOT_KEY, Reply, TestRealm};

/// The names of everything that a realm holds.
#[derive(Debug, Clone)]
struct Names {
    realm: String,
    user: String,
    email: String,
    username: String,
    org: String,
    membership: String,
    app: String,
    domain: String,
    permission: String,
    link: String,
    verification: String,
    reset: String,
    mailed: String,
    invitation: String,
    invited: String,
    credential: String,
    provider: String,
    half: String,
    sign_in: String,
    code: String,
    event: String,
    session: String,
    token: String,
    hook: String,
    smtp: String,
    lists: String,
    list_hook: String,
    subscription: String,
    jwt_key: String,
    told: String,
    oauth_app: String,
    oauth: String,
    oauth_code: String,
    access: String,
}

/// Where OAuth2 apps take users back to.
const BACK: &str = "https://shop.example/cb";

/// What Event and Session keep for a realm: hooks with their providers, and an app's way to a user.
async fn wired(realm: &TestRealm<'_>, name: &str, user: &Value) -> Value {
    let make = async |kind: &str, root: &str, fields: Value| {
        let path = format!("/v2/{kind}");
        realm.create(&path, json!({ root: fields })).await.expect(201)
    };
    // It is told nothing of what happens here: whether it fails would show.
    let hook = json!({"destination": "https://a.example", "event_type": ["invitation.org.expired"]});
    let hook = make("hooks", "hook", hook).await;
    let smtp = json!({"provider_name": name, "email_from": "a@a.example", "smtp_host": "mail.a.example"});
    let smtp = make("smtp_providers", "smtp_provider", smtp).await;
    let lists = json!({"provider_name": name, "provider_type": "mailchimp"});
    let lists = make("mailing_list_providers", "mailing_list_provider", lists).await;
    let list = json!({"hook_type": "mailing_list", "mailing_list_provider_id": lists["id"], "list_id": "a"});
    let list_hook = make("hooks", "hook", list).await;
    let place = json!({"hook_id": list_hook["id"], "user_id": user["id"]});
    let subscription = make("mailing_list_subscriptions", "mailing_list_subscription", place).await;
    let shop = json!({"client_type": "oauth2", "app_type": "web", "name": name, "redirect_uris": [BACK]});
    let shop = make("client_apps", "client_app", shop).await;
    let asked = json!({"client_app_id": shop["id"], "redirect_uri": BACK, "user_id": user["id"]});
    let taken = make("sessions/oauth2", "session", asked.clone()).await;
    let given = json!({"client_app_id": shop["id"], "client_app_secret": shop["secret"], "code": taken["code"]});
    let oauth = make("sessions/oauth2/code", "session", given).await;
    let waiting = make("sessions/oauth2", "session", asked).await;
    let jwt_key = realm.list("/v2/jwt_keys").await[0]["id"].clone();
    json!({
        "hook": hook["id"], "smtp": smtp["id"], "lists": lists["id"], "list_hook": list_hook["id"],
        "subscription": subscription["id"], "jwt_key": jwt_key, "oauth_app": shop["id"], "oauth": oauth["id"],
        "code": waiting["code"], "access": oauth["access_token"],
    })
}

async fn furnish(realm: &TestRealm<'_>, name: &str) -> Names {
    let app = realm.app;
    let (email, username) = (format!("{name}@example.com"), name.to_owned());
    let body = json!({"realm_id": realm.id, "user": {"email": email, "username": username, "password": PASSWORD, "reference": name}});
    let made = app.post("/v2/users", body).await;
    let user = made.expect(201);
    let org = realm.org(name).await;
    let membership = realm.join(&user, &org).await;
    let event = app.event(&realm.id, made.request_id()).await;
    let login = realm.login(&email).await.expect(200);
    let first = async |path: &str| {
        let list = app.get(&format!("/v2/{path}?realm_id={}", realm.id)).await.expect(200);
        list["collection"][0]["id"].as_str().unwrap().to_owned()
    };
    let body = json!({"named_permission": {"name": name, "permission": "things:see"}});
    let permission = realm.create("/v2/named_permissions", body).await.expect(201);
    let body = json!({"resource_link": {"title": name, "link_url": "https://example.com/", "resource_type": "help"}});
    let link = realm.create("/v2/resource_links", body).await.expect(201);
    let path = format!("/v2/users/{email}/request_email_verification");
    let verification = realm.create(&path, json!({})).await.expect(201);
    let path = format!("/v2/users/{email}/generate_password_token");
    let reset = realm.create(&path, json!({})).await;
    let mailed = app.event(&realm.id, reset.request_id()).await;
    let mailed = format!("/v2/events/{}", mailed["id"].as_str().unwrap());
    let told = realm.read(&mailed).await.expect(200)["notifications"][0]["id"].clone();
    let reset = reset.expect(201);
    let path = format!("/v2/realms/{}", realm.id);
    let by_mail = json!({"realm": {"email_login": "link"}});
    realm.change(&path, by_mail).await.expect(200);
    let by_mail = realm.mail_to(&email).await.link.unwrap();
    let body = json!({"invitation": {
        "invitation_type": "org", "email": format!("friend-of-{email}"), "org_id": org["id"], "inviting_user_id": user["id"],
    }});
    let invitation = realm.create("/v2/invitations", body).await.expect(201);
    // Somebody who has shown one factor of two.
    let guarded = realm.user(&format!("guarded-{email}")).await;
    let authenticator = realm.authenticator(&guarded).await;
    let half = realm.half(&format!("guarded-{email}")).await;
    let body = json!({"auth_provider": {"provider_type": "google", "client_id": name, "client_secret": name}});
    let provider = realm.create("/v2/auth_providers", body).await.expect(201);
    let path = "/v2/auth_providers/google/authorize?redirect_uri=https://app.example/&nonce=x";
    let url = realm.read(path).await.expect(200)["auth_url"].clone();
    let url = url.as_str().unwrap();
    let wired = wired(realm, name, &user).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Names {
        realm: realm.id.clone(),
        user: text(&user["id"]),
        email,
        username,
        org: text(&org["id"]),
        membership: text(&membership["id"]),
        app: first("client_apps").await,
        domain: first("domains").await,
        permission: text(&permission["id"]),
        link: text(&link["id"]),
        verification: text(&verification["token"]),
        reset: text(&reset["token"]),
        mailed: by_mail,
        invitation: text(&invitation["id"]),
        invited: text(&invitation["token"]),
        provider: text(&provider["id"]),
        half,
        sign_in: parameter(url, "state").unwrap(),
        code: authenticator.code(app),
        credential: authenticator.id,
        event: text(&event["id"]),
        session: text(&login["session"]),
        token: text(&login["token"]),
        hook: text(&wired["hook"]),
        smtp: text(&wired["smtp"]),
        lists: text(&wired["lists"]),
        list_hook: text(&wired["list_hook"]),
        subscription: text(&wired["subscription"]),
        jwt_key: text(&wired["jwt_key"]),
        told: text(&told),
        oauth_app: text(&wired["oauth_app"]),
        oauth: text(&wired["oauth"]),
        oauth_code: text(&wired["code"]),
        access: text(&wired["access"]),
    }
}

/// The same names with another last character: well formed, as old, and of nothing.
fn ghosts(of: &Names) -> Names {
    let other = |text: &String| {
        let (rest, last) = text.split_at(text.len() - 1);
        format!("{rest}{}", if last == "0" { "1" } else { "0" })
    };
    Names {
        realm: other(&of.realm),
        user: other(&of.user),
        email: format!("x{}", of.email),
        username: format!("x{}", of.username),
        org: other(&of.org),
        membership: other(&of.membership),
        app: other(&of.app),
        domain: other(&of.domain),
        permission: other(&of.permission),
        link: other(&of.link),
        verification: other(&of.verification),
        reset: other(&of.reset),
        mailed: other(&of.mailed),
        invitation: other(&of.invitation),
        invited: other(&of.invited),
        credential: other(&of.credential),
        provider: other(&of.provider),
        half: other(&of.half),
        sign_in: other(&of.sign_in),
        code: of.code.clone(),
        event: other(&of.event),
        session: format!("{}{}", other(&of.session[..26].to_owned()), &of.session[26..]),
        // The last character of a signature may carry bits that do not count; one in its middle counts.
        token: {
            let (head, tail) = of.token.split_at(of.token.len() - 20);
            let (middle, rest) = tail.split_at(1);
            format!("{head}{}{rest}", if middle == "A" { "B" } else { "A" })
        },
        hook: other(&of.hook),
        smtp: other(&of.smtp),
        lists: other(&of.lists),
        list_hook: other(&of.list_hook),
        subscription: other(&of.subscription),
        jwt_key: other(&of.jwt_key),
        told: other(&of.told),
        oauth_app: other(&of.oauth_app),
        oauth: other(&of.oauth),
        oauth_code: other(&of.oauth_code),
        access: other(&of.access),
    }
}

type Case = (&'static str, &'static str, String, Option<Value>);

/// Requests of every Core route that name things by id; `own` are the caller's own things.
fn core_cases(names: &Names, own: &Names) -> Vec<Case> {
    let n = names;
    let get = |route: &'static str, path: String| ("GET", route, path, None);
    let mut cases = vec![
        get("/v2/users/{id}", format!("/v2/users/{}?expand=memberships", n.user)),
        get("/v2/users/{id}", format!("/v2/users/{}", n.email)),
        get("/v2/users/{id}", format!("/v2/users/{}", n.username)),
        get("/v2/users", format!("/v2/users?after={}", n.user)),
        get("/v2/users", format!("/v2/users?email={}", n.email)),
        get(
            "/v2/users",
            format!("/v2/users?username={}&reference={}", n.username, n.username),
        ),
        get("/v2/orgs/{id}", format!("/v2/orgs/{}?expand=memberships", n.org)),
        get("/v2/orgs", format!("/v2/orgs?after={}", n.org)),
        get("/v2/orgs", format!("/v2/orgs?after={}&sort=id", n.org)),
        get("/v2/memberships/{id}", format!("/v2/memberships/{}", n.membership)),
        get("/v2/memberships", format!("/v2/memberships?user_id={}", n.user)),
        get("/v2/memberships", format!("/v2/memberships?org_id={}", n.org)),
        get(
            "/v2/memberships",
            format!("/v2/memberships?org_id={}&user_id={}", own.org, n.user),
        ),
        get(
            "/v2/memberships",
            format!("/v2/memberships?org_id={}&after={}", own.org, n.membership),
        ),
        get("/v2/invitations", format!("/v2/invitations?after={}", n.invitation)),
        get("/v2/invitations", format!("/v2/invitations?org_id={}", n.org)),
        get(
            "/v2/invitations",
            format!("/v2/invitations?inviting_user_id={}", n.user),
        ),
        get(
            "/v2/invitations",
            format!("/v2/invitations?email=friend-of-{}", n.email),
        ),
        get("/v2/client_apps/{id}", format!("/v2/client_apps/{}", n.app)),
        get("/v2/client_apps", format!("/v2/client_apps?after={}", n.app)),
        get("/v2/domains/{id}", format!("/v2/domains/{}", n.domain)),
        get("/v2/domains", format!("/v2/domains?after={}", n.domain)),
        get("/v2/auth_providers", format!("/v2/auth_providers?after={}", n.provider)),
        get("/v2/sessions/{id}", format!("/v2/sessions/{}?expand=token", n.session)),
        get("/v2/sessions/{id}", format!("/v2/sessions/{}", &n.session[..26])),
        get("/v2/sessions/{id}", format!("/v2/sessions/{}", n.token)),
        get("/v2/sessions", format!("/v2/sessions?user_id={}", n.user)),
        get("/v2/sessions", format!("/v2/sessions?after={}", &n.session[..26])),
        get("/v2/events/{id}", format!("/v2/events/{}", n.event)),
        get("/v2/events", format!("/v2/events?user_id={}", n.user)),
        get("/v2/events", format!("/v2/events?org_id={}", n.org)),
        get("/v2/events", format!("/v2/events?membership_id={}", n.membership)),
        get("/v2/events", format!("/v2/events?created_at_after=&after={}", n.event)),
        get(
            "/v2/auth_providers/{id}/authorize",
            format!(
                "/v2/auth_providers/{}/authorize?redirect_uri=https://app.example/",
                n.provider
            ),
        ),
        (
            "DELETE",
            "/v2/sessions/{id}",
            format!("/v2/sessions/{}", n.session),
            None,
        ),
        (
            "DELETE",
            "/v2/sessions/{id}",
            format!("/v2/sessions/{}", &n.session[..26]),
            None,
        ),
    ];
    for name in [&n.user, &n.email, &n.username] {
        let body = json!({"user": {"password": PASSWORD}});
        cases.push((
            "POST",
            "/v2/users/{id}/authenticate",
            format!("/v2/users/{name}/authenticate"),
            Some(body),
        ));
    }
    for name in [&n.user, &n.email] {
        for (route, action) in [
            (
                "/v2/users/{id}/request_email_verification",
                "request_email_verification",
            ),
            ("/v2/users/{id}/generate_password_token", "generate_password_token"),
            ("/v2/users/{id}/generate_recovery_codes", "generate_recovery_codes"),
        ] {
            cases.push(("POST", route, format!("/v2/users/{name}/{action}"), Some(json!({}))));
        }
    }
    people_cases(&mut cases, n, own);
    factor_cases(&mut cases, n, own);
    wired_cases(&mut cases, n, own);
    cases.push((
        "POST",
        "/v2/domains/{id}/verify",
        format!("/v2/domains/{}/verify", n.domain),
        Some(json!({})),
    ));
    for (route, root, id, change) in [
        (
            "/v2/client_apps/{id}",
            "client_app",
            &n.app,
            json!({"name": "Taken over"}),
        ),
        ("/v2/domains/{id}", "domain", &n.domain, json!({"state": "inactive"})),
        ("/v2/users/{id}", "user", &n.user, json!({"first_name": "Taken over"})),
        ("/v2/users/{id}", "user", &n.email, json!({"password": PASSWORD})),
        ("/v2/orgs/{id}", "org", &n.org, json!({"name": "Taken over"})),
        (
            "/v2/memberships/{id}",
            "membership",
            &n.membership,
            json!({"permissions": ["ar:owner"]}),
        ),
        (
            "/v2/invitations/{id}",
            "invitation",
            &n.invitation,
            json!({"email": "taken@example.com"}),
        ),
        (
            "/v2/named_permissions/{id}",
            "named_permission",
            &n.permission,
            json!({"name": "Taken over"}),
        ),
        (
            "/v2/resource_links/{id}",
            "resource_link",
            &n.link,
            json!({"title": "Taken over"}),
        ),
        (
            "/v2/credentials/{id}",
            "credential",
            &n.credential,
            json!({"name": "Taken over"}),
        ),
        (
            "/v2/auth_providers/{id}",
            "auth_provider",
            &n.provider,
            json!({"name": "Taken over"}),
        ),
    ] {
        let path = route.replace("{id}", id);
        cases.push(("GET", route, path.clone(), None));
        cases.push(("PUT", route, path.clone(), Some(json!({root: change}))));
        cases.push(("DELETE", route, path, None));
    }
    for (user, org) in [(&n.user, &own.org), (&own.user, &n.org), (&n.user, &n.org)] {
        let body = json!({"membership": {"user_id": user, "org_id": org}});
        cases.push(("POST", "/v2/memberships", "/v2/memberships".to_owned(), Some(body)));
    }
    let body = json!({"session": {"user_id": n.user}});
    cases.push(("POST", "/v2/sessions", "/v2/sessions".to_owned(), Some(body)));
    cases
}

/// Requests of what users do, by themselves or by a token.
fn people_cases(cases: &mut Vec<Case>, n: &Names, own: &Names) {
    for (route, token) in [
        ("/v2/users/verify_email", &n.verification),
        ("/v2/users/reset_password_with_token", &n.reset),
    ] {
        let body = json!({"user": {"token": token, "password": "another long password"}});
        cases.push(("POST", route, route.to_owned(), Some(body)));
    }
    for (user, token) in [(&n.user, &own.invited), (&own.user, &n.invited), (&n.user, &n.invited)] {
        cases.push((
            "POST",
            "/v2/users/{id}/accept_invitation",
            format!("/v2/users/{user}/accept_invitation"),
            Some(json!({"user": {"token": token}})),
        ));
    }
    let new = json!({"user": {"current_password": PASSWORD, "password": "another long password", "first_name": "Taken over"}});
    for (route, action) in [
        ("/v2/users/{id}/update_password", "update_password"),
        ("/v2/users/{id}/profile", "profile"),
    ] {
        cases.push((
            "PUT",
            route,
            format!("/v2/users/{}/{action}", n.user),
            Some(new.clone()),
        ));
    }
    cases.push((
        "DELETE",
        "/v2/orgs/{id}",
        format!("/v2/orgs/{}?force=true", n.org),
        None,
    ));
    cases.push((
        "POST",
        "/v2/invitations/{id}/invite",
        format!("/v2/invitations/{}/invite", n.invitation),
        Some(json!({})),
    ));
    for (org, inviter) in [(&n.org, &own.user), (&own.org, &n.user)] {
        let body = json!({"invitation": {
            "invitation_type": "org", "email": "a@example.com", "org_id": org, "inviting_user_id": inviter,
        }});
        cases.push(("POST", "/v2/invitations", "/v2/invitations".to_owned(), Some(body)));
    }
}

/// What people show to be who they are.
fn factor_cases(cases: &mut Vec<Case>, n: &Names, own: &Names) {
    let path = "/v2/auth_providers/authorize";
    let body = json!({"code": "x", "state": n.sign_in, "nonce": "x"});
    cases.push(("POST", path, path.to_owned(), Some(body)));
    let route = "/v2/auth_providers/{id}/authorize";
    let body = json!({"access_token": "x"});
    cases.push(("POST", route, route.replace("{id}", &n.provider), Some(body)));
    let body = json!({"user": {"token": n.half, "code": n.code}});
    let path = "/v2/users/authenticate_token";
    cases.push(("POST", path, path.to_owned(), Some(body.clone())));
    let route = "/v2/users/{id}/authenticate_token";
    cases.push(("POST", route, route.replace("{id}", &n.user), Some(body)));
    for (user, provider) in [(&n.user, &own.provider), (&own.user, &n.provider)] {
        for kind in ["totp", "google"] {
            let credential =
                json!({"user_id": user, "auth_provider_id": provider, "credential_type": kind, "name": "x"});
            let body = json!({ "credential": credential });
            cases.push(("POST", "/v2/credentials", "/v2/credentials".to_owned(), Some(body)));
        }
    }
    let body = json!({"credential": {"user_id": n.user, "credential_type": "totp", "name": "x"}});
    cases.push(("POST", "/v2/credentials", "/v2/credentials".to_owned(), Some(body)));
    cases.push((
        "POST",
        "/v2/credentials/{id}/verify",
        format!("/v2/credentials/{}/verify", n.credential),
        Some(json!({"credential": {"code": n.code}})),
    ));
}

/// Requests of what Event and Session keep for a realm.
fn wired_cases(cases: &mut Vec<Case>, n: &Names, own: &Names) {
    let mut get = |route: &'static str, path: String| cases.push(("GET", route, path, None));
    get("/v2/hooks", format!("/v2/hooks?after={}", n.hook));
    get("/v2/smtp_providers", format!("/v2/smtp_providers?after={}", n.smtp));
    get(
        "/v2/mailing_list_providers",
        format!("/v2/mailing_list_providers?after={}", n.lists),
    );
    for filter in [
        format!("after={}", n.subscription),
        format!("hook_id={}", n.list_hook),
        format!("user_id={}", n.user),
    ] {
        get(
            "/v2/mailing_list_subscriptions",
            format!("/v2/mailing_list_subscriptions?{filter}"),
        );
    }
    get("/v2/notifications", format!("/v2/notifications?hook_id={}", n.hook));
    get("/v2/notifications/{id}", format!("/v2/notifications/{}", n.told));
    get("/v2/jwt_keys", format!("/v2/jwt_keys?after={}", n.jwt_key));
    for id in [&n.oauth, &n.access] {
        get("/v2/sessions/oauth2/{id}", format!("/v2/sessions/oauth2/{id}"));
    }
    for (route, root, id, change) in [
        (
            "/v2/hooks/{id}",
            "hook",
            &n.hook,
            json!({"destination": "https://b.example"}),
        ),
        ("/v2/hooks/{id}", "hook", &n.list_hook, json!({"list_id": "b"})),
        (
            "/v2/smtp_providers/{id}",
            "smtp_provider",
            &n.smtp,
            json!({"smtp_host": "mail.b.example"}),
        ),
        (
            "/v2/mailing_list_providers/{id}",
            "mailing_list_provider",
            &n.lists,
            json!({"api_endpoint": "https://b.example"}),
        ),
        (
            "/v2/mailing_list_subscriptions/{id}",
            "mailing_list_subscription",
            &n.subscription,
            json!({"list_state": "unsubscribed"}),
        ),
        ("/v2/jwt_keys/{id}", "jwt_key", &n.jwt_key, json!({})),
    ] {
        let path = route.replace("{id}", id);
        cases.push(("GET", route, path.clone(), None));
        if root != "jwt_key" {
            cases.push(("PUT", route, path.clone(), Some(json!({root: change}))));
        }
        cases.push(("DELETE", route, path, None));
    }
    for (route, action) in [
        ("/v2/hooks/{id}/ping", "ping"),
        ("/v2/hooks/{id}/rotate_secret", "rotate_secret"),
    ] {
        let path = format!("/v2/hooks/{}/{action}", n.hook);
        cases.push(("POST", route, path, Some(json!({}))));
    }
    let path = format!("/v2/notifications/{}/replay", n.told);
    cases.push(("POST", "/v2/notifications/{id}/replay", path, Some(json!({}))));
    let mut post = |route: &'static str, root: &str, fields: Value| {
        cases.push(("POST", route, route.to_owned(), Some(json!({ root: fields }))));
    };
    let list = json!({"hook_type": "mailing_list", "mailing_list_provider_id": n.lists, "list_id": "a"});
    post("/v2/hooks", "hook", list);
    post("/v2/replays", "replay", json!({"hook_id": n.hook}));
    for (hook, user) in [(&n.list_hook, &own.user), (&own.list_hook, &n.user)] {
        let place = json!({"hook_id": hook, "user_id": user});
        post("/v2/mailing_list_subscriptions", "mailing_list_subscription", place);
    }
    for fields in [
        json!({"client_app_id": n.oauth_app, "redirect_uri": BACK, "user_id": own.user}),
        json!({"client_app_id": own.oauth_app, "redirect_uri": BACK, "user_id": n.user}),
        json!({"client_app_id": own.oauth_app, "redirect_uri": BACK, "session": n.session}),
    ] {
        post("/v2/sessions/oauth2", "session", fields);
    }
    for app in [&n.oauth_app, &own.oauth_app] {
        let fields = json!({"client_app_id": app, "code": n.oauth_code});
        post("/v2/sessions/oauth2/code", "session", fields);
    }
    let path = format!("/v2/jwt_keys/{}/activate", n.jwt_key);
    cases.push(("POST", "/v2/jwt_keys/{id}/activate", path, Some(json!({}))));
}

/// Requests of every route that name the realm itself: in the path, the query, the body, beside and inside the root.
fn realm_cases(realm: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = vec![
        ("GET", "/v2/realms/{id}", format!("/v2/realms/{realm}"), None),
        (
            "PUT",
            "/v2/realms/{id}",
            format!("/v2/realms/{realm}"),
            Some(json!({"realm": {"name": "Taken over"}})),
        ),
        ("DELETE", "/v2/realms/{id}", format!("/v2/realms/{realm}"), None),
        (
            "POST",
            "/v2/realms/{id}/reset",
            format!("/v2/realms/{realm}/reset"),
            Some(json!({})),
        ),
        ("GET", "/v2/realms", format!("/v2/realms?after={realm}"), None),
        (
            "GET",
            "/v2/events/export",
            format!("/v2/events/export?realm_id={realm}"),
            None,
        ),
        (
            "GET",
            "/v2/events/watch",
            format!("/v2/events/watch?realm_id={realm}"),
            None,
        ),
        (
            "GET",
            "/v2/events/retention",
            format!("/v2/events/retention?realm_id={realm}"),
            None,
        ),
        (
            "PUT",
            "/v2/events/retention",
            "/v2/events/retention".to_owned(),
            Some(json!({"realm_id": realm, "retention": {"days": 3}})),
        ),
        (
            "GET",
            "/v2/auth_providers/authorize",
            format!("/v2/auth_providers/authorize?redirect_uri=https://app.example/&realm_id={realm}"),
            None,
        ),
    ];
    for list in [
        "users",
        "orgs",
        "client_apps",
        "domains",
        "sessions",
        "events",
        "memberships",
        "invitations",
        "named_permissions",
        "resource_links",
        "auth_providers",
        "hooks",
        "smtp_providers",
        "mailing_list_providers",
        "mailing_list_subscriptions",
        "jwt_keys",
        "sessions/oauth2",
        "sessions/oauth2/code",
    ] {
        let route = gantry_proto::ROUTES
            .iter()
            .find(|r| r.path == format!("/v2/{list}"))
            .unwrap()
            .path;
        cases.push(("GET", route, format!("/v2/{list}?realm_id={realm}&user_id=usr_0"), None));
        cases.push((
            "POST",
            route,
            format!("/v2/{list}?realm_id={realm}"),
            Some(json!({"name": "X", "email": "x@example.com"})),
        ));
        cases.push((
            "POST",
            route,
            format!("/v2/{list}"),
            Some(json!({"realm_id": realm, "name": "X", "email": "y@example.com"})),
        ));
    }
    cases.retain(|(verb, route, ..)| gantry_proto::ROUTES.iter().any(|r| r.verb == *verb && r.path == *route));
    cases
}

fn build(app: &App, case: &Case, dress: &dyn Fn(RequestBuilder) -> RequestBuilder) -> RequestBuilder {
    let (verb, _, path, body) = case;
    let request = dress(app.anyone(verb.parse::<Method>().unwrap(), path));
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

/// Everything that an answer says, but for what every answer has of its own.
fn said(reply: &Reply) -> (u16, String, Vec<String>) {
    let own = ["x-request-id", "date", "ratelimit"];
    let headers = reply.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    (reply.status, reply.text.clone(), headers)
}

/// All that can be read of a realm.
async fn contents(app: &App, names: &Names) -> Vec<Value> {
    let realm = format!("/v2/realms/{}?expand=named_permissions,resource_links", names.realm);
    let mut all = vec![app.get(&realm).await.expect(200)];
    for list in [
        "users",
        "orgs",
        "invitations",
        "client_apps",
        "domains",
        "sessions",
        "events",
        "auth_providers",
        "hooks",
        "smtp_providers",
        "mailing_list_providers",
        "mailing_list_subscriptions",
        "jwt_keys",
    ] {
        let path = format!("/v2/{list}?realm_id={}&created_at_after=&expand=", names.realm);
        all.push(app.get(&path).await.expect(200));
    }
    let path = format!("/v2/credentials/{}?realm_id={}", names.credential, names.realm);
    all.push(app.get(&path).await.expect(200));
    all.push(
        app.get(&format!(
            "/v2/memberships?realm_id={}&org_id={}",
            names.realm, names.org
        ))
        .await
        .expect(200),
    );
    all
}

/// How a caller says which realm is theirs.
#[derive(Debug, Clone, Copy)]
enum Way {
    Lock,
    Header,
    Suffix,
}

// A test for each way: side by side they take no longer than the longest.
#[tokio::test]
async fn t_03_another_realm_s_things_do_not_exist_for_a_locked_key() {
    nothing_is_there(Way::Lock).await;
}

#[tokio::test]
async fn t_03_another_realm_s_things_do_not_exist_for_who_names_a_realm_in_a_header() {
    nothing_is_there(Way::Header).await;
}

#[tokio::test]
async fn t_03_another_realm_s_things_do_not_exist_for_who_names_a_realm_with_the_key() {
    nothing_is_there(Way::Suffix).await;
}

async fn nothing_is_there(way: Way) {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (a, b) = (app.realm().await, app.realm().await);
    let (own, theirs) = (furnish(&a, "ana").await, furnish(&b, "bob").await);
    let ghosts = ghosts(&theirs);
    let locked = app.key("manage", Some(&a.id)).await;
    let before = contents(&app, &theirs).await;
    let dress = |request: RequestBuilder| match way {
        Way::Lock => request.header("authrocket-api-key", &locked),
        Way::Header => request
            .header("authrocket-api-key", ROOT_KEY)
            .header("authrocket-realm", &a.id),
        Way::Suffix => request.header("authorization", format!("Bearer {ROOT_KEY},{}", a.id)),
    };
    for (case, ghost) in core_cases(&theirs, &own).iter().zip(core_cases(&ghosts, &own)) {
        let reply = app.send(build(&app, case, &dress)).await;
        assert_eq!(
            said(&reply),
            said(&app.send(build(&app, &ghost, &dress)).await),
            "{case:?}"
        );
        assert!(matches!(reply.status, 404 | 422 | 200), "{case:?}: {reply:?}");
    }
    assert_eq!(contents(&app, &theirs).await, before);
    // The factor that was shown elsewhere is unused here.
    b.finish(&theirs.half, &theirs.code).await.expect(201);
}

#[tokio::test]
async fn t_03_another_realm_does_not_exist_for_a_locked_key() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (a, b) = (app.realm().await, app.realm().await);
    let (own, theirs) = (furnish(&a, "ana").await, furnish(&b, "bob").await);
    let ghosts = ghosts(&theirs);
    let locked = app.key("manage", Some(&a.id)).await;
    let before = contents(&app, &theirs).await;
    let with_lock = |request: RequestBuilder| request.header("authrocket-api-key", &locked);
    for (case, ghost) in realm_cases(&theirs.realm).iter().zip(realm_cases(&ghosts.realm)) {
        let reply = app.send(build(&app, case, &with_lock)).await;
        assert_eq!(
            said(&reply),
            said(&app.send(build(&app, &ghost, &with_lock)).await),
            "{case:?}"
        );
        assert!(reply.status == 404 || case.1 == "/v2/realms", "{case:?}: {reply:?}");
    }
    // The realm in a header is no other way in.
    let all: Vec<_> = core_cases(&theirs, &theirs)
        .into_iter()
        .chain(realm_cases(&theirs.realm))
        .collect();
    for case in all.iter().filter(|case| case.1 != "/v2/realms") {
        let header = |realm: &str| {
            let realm = realm.to_owned();
            let key = locked.clone();
            move |request: RequestBuilder| {
                request
                    .header("authrocket-api-key", &key)
                    .header("authrocket-realm", &realm)
            }
        };
        let reply = app.send(build(&app, case, &header(&theirs.realm))).await;
        assert_eq!(
            said(&reply),
            said(&app.send(build(&app, case, &header(&ghosts.realm))).await),
            "{case:?}"
        );
        assert_eq!(reply.status, 404, "{case:?}: {reply:?}");
    }
    // Every route that an API key opens has a case, but for those that make a realm of one's own.
    let all = core_cases(&theirs, &own).into_iter().chain(realm_cases(&theirs.realm));
    let routes: std::collections::BTreeSet<_> = all.map(|case| format!("{} {}", case.0, case.1)).collect();
    let known = gantry_proto::ROUTES
        .iter()
        .filter(|route| route.rpc.access == gantry_proto::Access::Key);
    for route in known.map(|route| format!("{} {}", route.verb, route.path)) {
        assert!(
            routes.contains(&route) || route == "POST /v2/realms",
            "{route} has no case in T-03"
        );
    }
    assert_eq!(contents(&app, &theirs).await, before);
    // The factor that was shown elsewhere is unused here.
    b.finish(&theirs.half, &theirs.code).await.expect(201);
}

#[tokio::test]
async fn t_03_another_realm_s_people_and_sessions_do_not_exist_at_a_host() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (a, b) = (app.realm().await, app.realm().await);
    let (own, theirs) = (furnish(&a, "ana").await, furnish(&b, "bob").await);
    let ghosts = ghosts(&theirs);
    let before = contents(&app, &theirs).await;

    let cases = |n: &Names| {
        let login = |name: &str, who: &str| {
            let body = json!({name: who, "password": PASSWORD});
            ("POST", "/v2/login", "/v2/login".to_owned(), Some(body))
        };
        let body_case = |path: &'static str, body: Value| ("POST", path, path.to_owned(), Some(body));
        let account = json!({"email": own.email, "password": PASSWORD, "account": n.org});
        let all: Vec<Case> = vec![
            login("email", &n.email),
            login("username", &n.username),
            login("id", &n.user),
            ("POST", "/v2/login", "/v2/login".to_owned(), Some(account)),
            ("GET", "/v2/session", format!("/v2/session?session={}", n.session), None),
            (
                "GET",
                "/v2/session",
                format!("/v2/session?session={}&account={}", own.session, n.org),
                None,
            ),
            (
                "DELETE",
                "/v2/session",
                format!("/v2/session?session={}", n.session),
                None,
            ),
            (
                "DELETE",
                "/v2/session",
                "/v2/session".to_owned(),
                Some(json!({"session": n.session})),
            ),
            (
                "POST",
                "/v2/login/verify",
                "/v2/login/verify".to_owned(),
                Some(json!({"token": n.half, "code": n.code})),
            ),
            body_case("/v2/password/forgot", json!({"email": n.email})),
            body_case("/v2/password/forgot", json!({"id": n.user})),
            body_case("/v2/password/reset", json!({"token": n.reset, "password": PASSWORD})),
            body_case(
                "/v2/profile/password",
                json!({"session": n.session, "current_password": PASSWORD, "password": "another long password"}),
            ),
            (
                "PUT",
                "/v2/profile",
                "/v2/profile".to_owned(),
                Some(json!({"session": n.session})),
            ),
            (
                "PUT",
                "/v2/profile",
                "/v2/profile".to_owned(),
                Some(json!({"session": own.session, "account": n.org})),
            ),
            body_case("/v2/signup/request", json!({"email": n.email})),
            body_case(
                "/v2/signup",
                json!({"email": "eve@example.com", "password": PASSWORD, "invitation": n.invited}),
            ),
            body_case("/v2/email/verify", json!({"token": n.verification})),
            body_case("/v2/passkeys/register/start", json!({"session": n.session})),
            body_case(
                "/v2/passkeys/register/finish",
                json!({"session": n.session, "credential": {}}),
            ),
            (
                "GET",
                "/v2/passkeys",
                format!("/v2/passkeys?session={}", n.session),
                None,
            ),
            (
                "DELETE",
                "/v2/passkeys/{id}",
                format!("/v2/passkeys/{}?session={}", n.credential, own.session),
                None,
            ),
            body_case("/v2/login/email", json!({"email": n.email})),
            body_case("/v2/login/email", json!({"id": n.user})),
            body_case("/v2/login/email/verify", json!({"token": n.mailed})),
            body_case("/v2/login/passkey/start", json!({"realm_id": n.realm})),
            body_case(
                "/v2/login/passkey/finish",
                json!({"realm_id": n.realm, "credential": {}}),
            ),
            // Names that this API does not know change nothing.
            (
                "GET",
                "/connect/jwks",
                format!("/connect/jwks?realm_id={}", n.realm),
                None,
            ),
        ];
        all
    };
    let at_a = |request: RequestBuilder| request.header("host", &a.host);
    let mut routes = std::collections::BTreeSet::new();
    for (case, ghost) in cases(&theirs).iter().zip(cases(&ghosts)) {
        routes.insert(format!("{} {}", case.0, case.1));
        let reply = app.send(build(&app, case, &at_a)).await;
        assert_eq!(
            said(&reply),
            said(&app.send(build(&app, &ghost, &at_a)).await),
            "{case:?}"
        );
        assert!(
            !reply.text.contains(&theirs.realm) && !reply.text.contains(&theirs.org),
            "{case:?}: {reply:?}"
        );
    }
    let known = gantry_proto::ROUTES
        .iter()
        .filter(|route| route.rpc.access != gantry_proto::Access::Key);
    for route in known.map(|route| format!("{} {}", route.verb, route.path)) {
        assert!(routes.contains(&route), "{route} has no case in T-03");
    }
    assert_eq!(contents(&app, &theirs).await, before);
    // Each host has its own keys, and the session lives on where it belongs.
    assert_ne!(a.get("/connect/jwks").await.text, b.get("/connect/jwks").await.text);
    b.get(&format!("/v2/session?session={}", theirs.session))
        .await
        .expect(200);
    b.finish(&theirs.half, &theirs.code).await.expect(201);
    b.enter(json!({"token": theirs.mailed})).await.expect(200);
}

#[tokio::test]
async fn t_03_an_event_of_a_refused_login_is_the_host_s_own() {
    let app = App::start().await;
    let (a, b) = (app.realm().await, app.realm().await);
    b.user("bob@example.com").await;
    let reply = a.login("bob@example.com").await;
    assert_eq!(reply.errors(422), ["Login failed"]);
    let event = app.event(&a.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("user.login.failed"), &json!(null))
    );
    let path = format!("/v2/events?realm_id={}&event_type=user.login.failed", b.id);
    assert_eq!(app.get(&path).await.expect(200)["collection"], json!([]));
}
