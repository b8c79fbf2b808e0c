# English: every message a person may read. The tests of gantry-locales hold the files of all languages to the same
# messages and the same { $values }; docs/LOCALES.md tells how to add a language. A key in code, `violation.too_long`, is
# `violation-too_long` here. { $field } is a name out of "Fields", or the wire name with spaces; the first letter of the
# finished sentence is made a capital. { $field_number } is the field's `.number`: plural, or singular when it says none.


## Errors

error-invalid = Validation failed
error-malformed = The request could not be read
error-login_failed = Login failed
error-too_many_attempts = Too many password attempts; please wait a while and try again
error-key_missing = An API key is needed
error-key_wrong = The API key is not valid
error-permission_missing = The API key does not permit this
error-session_invalid = The session is missing or has ended; please sign in again
error-peer_unknown = Access denied
error-realm_missing = The request does not say which realm it is for
error-not_found = Not found
error-method_not_allowed = This address does not offer that method
error-not_acceptable = Only JSON answers are available
error-request_timeout = The request took too long to arrive
error-reader_too_slow = The stream was not read for too long; please take it up again
error-conflict = The current state does not allow this
error-body_too_large = The request is too large
error-uri_too_long = The address is too long
error-unsupported_media_type = Send JSON or form data
error-expectation_failed = The expectation of the request cannot be met
error-https_required = HTTPS is required
error-rate_limited = Too many requests; please wait a while and try again
error-busy = The server is busy; please try again shortly
error-headers_too_large = The request headers are too large
error-internal = Something went wrong on our side
error-inconsistent = Something went wrong on our side
error-unavailable = The service is temporarily unavailable; please try again shortly
error-timeout = The answer took too long; please try again
error-unknown = The request failed

## What a field did wrong

violation-required =
    { $field_number ->
        [plural] { $field } are required
       *[singular] { $field } is required
    }
violation-unknown_value = { $field } must be one of: { $allowed }
violation-too_long =
    { $max ->
        [one] { $field } must have at most { $max } character
       *[other] { $field } must have at most { $max } characters
    }
violation-too_short =
    { $min ->
        [one] { $field } must have at least { $min } character
       *[other] { $field } must have at least { $min } characters
    }
violation-not_an_email = { $field } must be an email address
violation-taken =
    { $field_number ->
        [plural] { $field } are already in use
       *[singular] { $field } is already in use
    }
violation-not_unique_membership = The user is already a member of this organization
violation-invalid_characters =
    { $field_number ->
        [plural] { $field } contain characters that are not allowed
       *[singular] { $field } contains characters that are not allowed
    }
violation-not_a_number = { $field } must be a number
violation-out_of_range = { $field } must be between { $min } and { $max }
violation-not_found =
    { $field_number ->
        [plural] { $field } were not found
       *[singular] { $field } was not found
    }
violation-password_too_short =
    { $min ->
        [one] The password must have at least { $min } character
       *[other] The password must have at least { $min } characters
    }
violation-password_too_long =
    { $max ->
        [one] The password must have at most { $max } character
       *[other] The password must have at most { $max } characters
    }
violation-password_confirmation = Password confirmation does not match
violation-current_password = Current password does not match
violation-permission_too_many =
    { $max ->
        [one] There can be at most { $max } permission
       *[other] There can be at most { $max } permissions
    }
violation-permission_format = A permission may hold letters, digits and the characters * : ; . _ - only
violation-reserved_permission = Permissions that start with ar: are reserved
violation-origin_format = { $field } must hold origins such as https://app.example.com
violation-redirect_uri_format = { $field } must hold complete addresses such as https://app.example.com/start
violation-custom_format = { $field } must be a hash of texts, numbers, booleans or lists of them
violation-custom_too_large =
    { $max ->
        [one] { $field } must take at most { $max } byte
       *[other] { $field } must take at most { $max } bytes
    }
violation-locale_unknown = { $field } must be a known language
violation-subdomain_format = { $field } may hold letters, digits and hyphens only
violation-domain_format = { $field } must be a host name
violation-certificate_format = { $field } must be one to eight certificates in PEM
violation-certificate_name = { $field } must be made out for the domain
violation-certificate_expired = { $field } must not have expired
violation-private_key_format = { $field } must be a private key in PEM
violation-private_key_mismatch = { $field } must be the private key of the certificate
violation-account_not_member = The user is not a member of this account
violation-keep_sessions = { $field } must be all, none or the id of a session
violation-cannot_change = { $field } cannot be changed
violation-not_applicable =
    { $field_number ->
        [plural] { $field } do not belong to this kind of invitation
       *[singular] { $field } does not belong to this kind of invitation
    }
violation-permission_not_held = The inviting user may not give these permissions
violation-token_invalid =
    { $field_number ->
        [plural] The { $field } are not valid or have expired
       *[singular] The { $field } is not valid or has expired
    }
violation-verification_failed = Verification failed
violation-not_json = The body is not valid JSON
violation-not_an_object = The body must be a JSON object
violation-unreadable_form = The parameters could not be decoded
violation-expand_unknown = This cannot be expanded; choose from: { $allowed }
violation-sort_unknown = Cannot sort by this; choose from: { $allowed }
violation-direction_unknown = The direction must be asc or desc
violation-id_format =
    { $field_number ->
        [plural] { $field } are not valid ids
       *[singular] { $field } is not a valid id
    }
violation-org_closed = The organization is closed
violation-needs_filter = Give at least one of: { $allowed }
violation-user_inactive = The user is not active
violation-realm_inactive = The realm is not active
violation-too_many_items =
    { $max ->
        [one] { $field } may hold at most { $max } item
       *[other] { $field } may hold at most { $max } items
    }
violation-in_the_past = { $field } must not be in the past
violation-name_required = A name is required
violation-unknown =
    { $field_number ->
        [plural] { $field } are not valid
       *[singular] { $field } is not valid
    }
violation-wrong_type = A field has a value of the wrong type
violation-read_only = { $field } cannot be changed
violation-oauth2_only =
    { $field_number ->
        [plural] { $field } are for apps of type oauth2 only
       *[singular] { $field } is for apps of type oauth2 only
    }
violation-web_app_only =
    { $field_number ->
        [plural] { $field } are for web apps only: other apps cannot keep them
       *[singular] { $field } is for web apps only: other apps cannot keep one
    }
violation-web_address_format = { $field } must be a complete web address such as https://www.example.com/
violation-password_needs_lower = The password must have a lower-case letter
violation-password_needs_upper = The password must have an upper-case letter
violation-password_needs_digit = The password must have a digit
violation-password_needs_symbol = The password must have a character that is neither letter nor digit
violation-password_too_common = The password is too easy to guess
violation-password_breached = This password is known from a data breach; please choose another one
violation-password_too_simple = The password must have { $different } different characters, of { $kinds } kinds: lower case, upper case, digits, others
violation-not_for_this_type =
    { $field_number ->
        [plural] { $field } do not apply to this type
       *[singular] { $field } does not apply to this type
    }
violation-url_format = { $field } must be a complete address such as https://login.example.com/path
violation-provider_inactive = This way to sign in is switched off
violation-hook_inactive = The hook is switched off: switch it on first
violation-not_of_provider =
    { $field_number ->
        [plural] { $field } do not belong to the auth provider
       *[singular] { $field } does not belong to the auth provider
    }
violation-made_by_provider = A credential of this type is made by its provider alone
violation-nothing_to_verify = A credential of this type has nothing to verify
violation-too_many_credentials =
    { $max ->
        [one] A user may have at most { $max } credential
       *[other] A user may have at most { $max } credentials
    }
violation-no_second_factor = The user has no second factor
violation-state_invalid = The sign-in has expired or was begun elsewhere: please begin again
violation-ceremony_over = This attempt has expired or was begun elsewhere: please begin again
violation-verify_email_first = Please verify the email address first
violation-external_code = Error validating code
violation-external_token = The access token was not accepted
violation-external_no_email = The provider did not tell an email address
violation-email_unverified = The provider has not verified the email address, and it is already in use here
violation-code_invalid = The code is not valid
violation-redirect_uri_unregistered = The redirect address is not registered for this app
violation-other_hook_type =
    { $field_number ->
        [plural] { $field } are for hooks of type { $type } only
       *[singular] { $field } is for hooks of type { $type } only
    }
violation-one_event_type = A hook of type email needs exactly one event type
violation-not_by_email = No mail can be sent for this event type
violation-locale_hash = { $field } must be a hash of texts, one a language
violation-too_many_mails = Enough mails were sent to this address; please wait a while and try again
violation-no_requests = Invitations to this place cannot be asked for
violation-signup_closed = Sign-up is closed
violation-not_of_invitation = { $field } must be the one that was invited

## Fields

field-access_token = access token
field-access_token_minutes = access token minutes
    .number = plural
field-account = account
field-accumulate = accumulate
field-after = after
field-alert_email = alert address
field-algo = algorithm
field-allowed_origins = allowed origins
    .number = plural
field-allowed_scopes = allowed scopes
    .number = plural
field-api_endpoint = API endpoint
field-api_key = API key
field-app_type = app type
field-auth_provider_id = auth provider
field-authorization_url = authorization address
field-auto_grant = automatic grant
field-available_locales = available languages
    .number = plural
field-branding = branding
field-client_app_id = client app
field-client_app_secret = client app secret
field-client_id = client id
field-client_secret = client secret
field-client_type = client type
field-code = code
field-code_challenge = code challenge
field-code_challenge_method = code challenge method
field-code_verifier = code verifier
field-color_1 = color
field-created_at_after = created at after
field-credential = passkey
field-created_at_before = created at before
field-credential_type = credential type
field-ceremony = ceremony
field-rp_id = passkey domain
field-current = current
field-current_password = current password
field-cursor = cursor
field-custom = custom
field-default_locale = default language
field-days = days
field-delay = delay
field-description = description
field-destination = destination
field-direction = direction
field-domain = domain
field-domain_type = domain type
field-email = email
field-email_field = e-mail field
field-email_from = sender address
field-email_from_name = sender name
field-email_login = email sign-in
field-email_pending = pending email
field-email_renderers = email renderers
    .number = plural
field-email_subjects = email subjects
    .number = plural
field-email_templates = email templates
    .number = plural
field-email_to = recipient address
field-email_verification = email verification
field-email_verified_field = verified e-mail field
field-environment = environment
field-event_type = event type
field-expand = expand
field-expires_at = expiry
field-first_name = first name
field-first_name_field = first name field
field-hook_id = hook
field-hook_type = hook type
field-id = id
field-id_field = id field
field-invitation = invitation
field-invitation_type = invitation type
field-inviting_user_id = inviting user
field-ip = IP address
field-issuer = issuer
field-jwt_algo = token algorithm
field-jwt_minutes = token minutes
    .number = plural
field-jwt_scopes = token scopes
    .number = plural
field-keep_sessions = sessions to keep
    .number = plural
field-key = key
field-last_name = last name
field-last_name_field = last name field
field-link_url = link address
field-list_id = list
field-list_state = list state
field-locale = language
field-locales = languages
    .number = plural
field-loginrocket_domain = LoginRocket domain
field-logo = logo
field-logo_icon = logo icon
field-lr_features = LoginRocket features
    .number = plural
field-mailing_list_provider_id = mailing-list provider
field-max_results = max results
    .number = plural
field-min_complexity = minimal complexity
field-min_length = minimal length
field-name = name
field-name_field = name field
field-nonce = nonce
field-on_create = on create
field-org_id = organization
field-ordered = in order
field-org_mode = organization mode
field-org_name = organization name
field-org_name_field = organization name field
field-password = password
field-password_confirmation = password confirmation
field-password_field = password field
field-permission = permission
field-permissions = permissions
    .number = plural
field-privacy_policy = privacy policy
field-profile_url = profile address
field-provider_account = provider account
field-provider_name = provider name
field-provider_type = provider type
field-public_name = public name
field-realm_id = realm
field-redirect_uri = redirect address
field-redirect_uris = redirect addresses
    .number = plural
field-reference = reference
field-request = the request
field-required_chars = required characters
    .number = plural
field-resource_type = resource type
field-scopes = scopes
    .number = plural
field-secret = secret
field-session = session
field-session_id = session
field-session_minutes = session minutes
    .number = plural
field-signup = signup
field-smtp_host = SMTP host
field-smtp_password = SMTP password
field-smtp_port = SMTP port
field-smtp_user = SMTP user
field-sort = sort
field-state = state
field-stylesheet = stylesheet
field-subdomain = subdomain
field-certificate = certificate
field-private_key = private key
field-terms_of_service = terms of service
    .number = plural
field-title = title
field-token = token
field-token_url = token address
field-trusted = trusted
field-use = use
field-user_id = user
field-username = username
field-username_field = username field
field-valid_list_ids = lists
    .number = plural
field-visibility = visibility

## Mails: what is sent for an event where a realm has no mail of its own. The texts stand alone in a paragraph.

mail-reset_subject = Reset your password
mail-reset_text = Somebody asked to reset the password of your account at { $realm }. If it was you, choose a new one within a day; if not, ignore this mail
mail-reset_link = Choose a new password
mail-login_subject = Sign in to { $realm }
mail-login_text = Somebody asked to sign in to your account at { $realm } by mail. If it was you, go on within 15 minutes; if not, ignore this mail
mail-login_link = Sign in
mail-login_code = Enter this code where you began to sign in, and tell it to nobody
mail-verify_subject = Confirm your email address
mail-verify_text = Please confirm that this email address is yours, for your account at { $realm }. If you have none, ignore this mail
mail-verify_link = Confirm this address
mail-invite_subject = You are invited to { $name }
mail-invite_text = You are invited to join { $name } at { $realm }
mail-invite_link = Accept the invitation
mail-changed_subject = Your password was changed
mail-changed_text = The password of your account at { $realm } was changed. If it was not you, reset it at once
mail-hook_off_subject = A webhook was switched off
mail-hook_off_text = Nothing that was sent to { $name } has arrived for three days, so { $realm } sends it nothing more. Mend it, switch the hook on again, and replay what it missed
