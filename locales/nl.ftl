# Nederlands: alles wat iemand te lezen krijgt, met u. Dezelfde sleutels en dezelfde { $waarden } als in en.ftl. De naam van
# een veld staat tussen aanhalingstekens na ‘het veld’: zo klopt de zin met elke naam.

## Fouten

error-invalid = De gegevens zijn niet geldig
error-malformed = Het verzoek kon niet worden gelezen
error-login_failed = Inloggen is mislukt
error-too_many_attempts = Te veel wachtwoordpogingen; wacht even en probeer het opnieuw
error-key_missing = Er is een API-sleutel nodig
error-key_wrong = De API-sleutel is niet geldig
error-permission_missing = De API-sleutel staat dit niet toe
error-session_invalid = De sessie ontbreekt of is beëindigd; log opnieuw in
error-peer_unknown = Toegang geweigerd
error-realm_missing = Het verzoek vermeldt niet voor welke realm het is
error-not_found = Niet gevonden
error-method_not_allowed = Dit adres ondersteunt die methode niet
error-not_acceptable = Er zijn alleen antwoorden in JSON
error-request_timeout = Het duurde te lang voordat het verzoek binnen was
error-reader_too_slow = De stroom is te lang niet gelezen; hervat deze
error-conflict = De huidige toestand staat dit niet toe
error-body_too_large = Het verzoek is te groot
error-uri_too_long = Het adres is te lang
error-unsupported_media_type = Stuur JSON of formuliergegevens
error-expectation_failed = Aan de verwachting van het verzoek kan niet worden voldaan
error-https_required = HTTPS is vereist
error-rate_limited = Te veel verzoeken; wacht even en probeer het opnieuw
error-busy = De server is bezet; probeer het zo meteen opnieuw
error-headers_too_large = De headers van het verzoek zijn te groot
error-internal = Er is bij ons iets misgegaan
error-inconsistent = Er is bij ons iets misgegaan
error-unavailable = De dienst is tijdelijk niet beschikbaar; probeer het zo meteen opnieuw
error-timeout = Het antwoord duurde te lang; probeer het opnieuw
error-unknown = Het verzoek is mislukt

## Wat er mis is met een veld

violation-required = Het veld ‘{ $field }’ is verplicht
violation-unknown_value = Het veld ‘{ $field }’ moet een van deze waarden hebben: { $allowed }
violation-too_long =
    { $max ->
        [one] Het veld ‘{ $field }’ mag maximaal { $max } teken bevatten
       *[other] Het veld ‘{ $field }’ mag maximaal { $max } tekens bevatten
    }
violation-too_short =
    { $min ->
        [one] Het veld ‘{ $field }’ moet minimaal { $min } teken bevatten
       *[other] Het veld ‘{ $field }’ moet minimaal { $min } tekens bevatten
    }
violation-not_an_email = Het veld ‘{ $field }’ moet een e-mailadres zijn
violation-taken = De waarde van het veld ‘{ $field }’ is al in gebruik
violation-not_unique_membership = De gebruiker is al lid van deze organisatie
violation-invalid_characters = Het veld ‘{ $field }’ bevat tekens die niet zijn toegestaan
violation-not_a_number = Het veld ‘{ $field }’ moet een getal zijn
violation-out_of_range = Het veld ‘{ $field }’ moet tussen { $min } en { $max } liggen
violation-not_found = De waarde van het veld ‘{ $field }’ is niet gevonden
violation-password_too_short =
    { $min ->
        [one] Het wachtwoord moet minimaal { $min } teken bevatten
       *[other] Het wachtwoord moet minimaal { $min } tekens bevatten
    }
violation-password_too_long =
    { $max ->
        [one] Het wachtwoord mag maximaal { $max } teken bevatten
       *[other] Het wachtwoord mag maximaal { $max } tekens bevatten
    }
violation-password_confirmation = De wachtwoordbevestiging komt niet overeen
violation-current_password = Het huidige wachtwoord komt niet overeen
violation-permission_too_many =
    { $max ->
        [one] Er mag maximaal { $max } recht zijn
       *[other] Er mogen maximaal { $max } rechten zijn
    }
violation-permission_format = Een recht mag alleen letters, cijfers en de tekens * : ; . _ - bevatten
violation-reserved_permission = Rechten die met ar: beginnen, zijn gereserveerd
violation-origin_format = Het veld ‘{ $field }’ moet origins bevatten zoals https://app.example.com
violation-redirect_uri_format = Het veld ‘{ $field }’ moet volledige adressen bevatten zoals https://app.example.com/start
violation-custom_format = Het veld ‘{ $field }’ moet een hash zijn van teksten, getallen, booleans of lijsten daarvan
violation-custom_too_large =
    { $max ->
        [one] Het veld ‘{ $field }’ mag maximaal { $max } byte groot zijn
       *[other] Het veld ‘{ $field }’ mag maximaal { $max } bytes groot zijn
    }
violation-locale_unknown = Het veld ‘{ $field }’ moet een bekende taal zijn
violation-subdomain_format = Het veld ‘{ $field }’ mag alleen letters, cijfers en koppeltekens bevatten
violation-domain_format = Het veld ‘{ $field }’ moet een hostnaam zijn
violation-certificate_format = Het veld ‘{ $field }’ moet een tot acht certificaten in PEM bevatten
violation-certificate_name = De inhoud van het veld ‘{ $field }’ moet voor het domein zijn uitgegeven
violation-certificate_expired = De inhoud van het veld ‘{ $field }’ mag niet verlopen zijn
violation-private_key_format = Het veld ‘{ $field }’ moet een privésleutel in PEM zijn
violation-private_key_mismatch = Het veld ‘{ $field }’ moet de privésleutel van het certificaat zijn
violation-account_not_member = De gebruiker is geen lid van dit account
violation-keep_sessions = Het veld ‘{ $field }’ moet all, none of de id van een sessie zijn
violation-cannot_change = Het veld ‘{ $field }’ kan niet worden gewijzigd
violation-not_applicable = Het veld ‘{ $field }’ hoort niet bij dit soort uitnodiging
violation-permission_not_held = De gebruiker die uitnodigt, mag deze rechten niet verlenen
violation-token_invalid = De waarde van het veld ‘{ $field }’ is niet geldig of verlopen
violation-verification_failed = Verificatie is mislukt
violation-not_json = De inhoud is geen geldige JSON
violation-not_an_object = De inhoud moet een JSON-object zijn
violation-unreadable_form = De parameters konden niet worden gedecodeerd
violation-expand_unknown = Dit kan niet worden uitgevouwen; kies uit: { $allowed }
violation-sort_unknown = Hierop kan niet worden gesorteerd; kies uit: { $allowed }
violation-direction_unknown = De richting moet asc of desc zijn
violation-id_format = Het veld ‘{ $field }’ is geen geldige id
violation-org_closed = De organisatie is gesloten
violation-needs_filter = Geef minstens een van deze op: { $allowed }
violation-user_inactive = De gebruiker is niet actief
violation-realm_inactive = De realm is niet actief
violation-too_many_items =
    { $max ->
        [one] Het veld ‘{ $field }’ mag maximaal { $max } item bevatten
       *[other] Het veld ‘{ $field }’ mag maximaal { $max } items bevatten
    }
violation-in_the_past = Het veld ‘{ $field }’ mag niet in het verleden liggen
violation-name_required = Er is een naam vereist
violation-unknown = Het veld ‘{ $field }’ is niet geldig
violation-wrong_type = Een veld heeft een waarde van het verkeerde type
violation-read_only = Het veld ‘{ $field }’ kan niet worden gewijzigd
violation-oauth2_only = Het veld ‘{ $field }’ is alleen voor apps van het type oauth2
violation-web_app_only = Het veld ‘{ $field }’ is alleen voor webapps: andere apps kunnen niets geheimhouden
violation-web_address_format = Het veld ‘{ $field }’ moet een volledig webadres zijn zoals https://www.example.com/
violation-password_needs_lower = Het wachtwoord moet een kleine letter bevatten
violation-password_needs_upper = Het wachtwoord moet een hoofdletter bevatten
violation-password_needs_digit = Het wachtwoord moet een cijfer bevatten
violation-password_needs_symbol = Het wachtwoord moet een teken bevatten dat geen letter of cijfer is
violation-password_too_common = Het wachtwoord is te makkelijk te raden
violation-password_breached = Dit wachtwoord is bekend uit een datalek; kies een ander
violation-password_too_simple = Het wachtwoord is te eenvoudig; vereist aantal verschillende tekens: { $different }, vereist aantal soorten: { $kinds } (kleine letters, hoofdletters, cijfers, overige)
violation-not_for_this_type = Het veld ‘{ $field }’ is niet van toepassing op dit type
violation-url_format = Het veld ‘{ $field }’ moet een volledig adres zijn zoals https://login.example.com/path
violation-provider_inactive = Deze manier van inloggen is uitgeschakeld
violation-hook_inactive = De hook is uitgeschakeld: schakel hem eerst in
violation-not_of_provider = Het veld ‘{ $field }’ hoort niet bij de authenticatieprovider
violation-made_by_provider = Inloggegevens van dit type worden alleen door hun provider gemaakt
violation-nothing_to_verify = Bij inloggegevens van dit type valt niets te verifiëren
violation-too_many_credentials =
    { $max ->
        [one] Een gebruiker mag maximaal { $max } inlogmiddel hebben
       *[other] Een gebruiker mag maximaal { $max } inlogmiddelen hebben
    }
violation-no_second_factor = De gebruiker heeft geen tweede factor
violation-state_invalid = Het inloggen is verlopen of elders begonnen: begin opnieuw
violation-ceremony_over = De poging is verlopen of elders begonnen: begin opnieuw
violation-verify_email_first = Bevestig eerst het e-mailadres
violation-external_code = De code kon niet worden gecontroleerd
violation-external_token = Het toegangstoken is niet geaccepteerd
violation-external_no_email = De provider heeft geen e-mailadres doorgegeven
violation-email_unverified = De provider heeft het e-mailadres niet geverifieerd en het is hier al in gebruik
violation-code_invalid = De code is niet geldig
violation-redirect_uri_unregistered = Het omleidingsadres is niet geregistreerd voor deze app
violation-other_hook_type = Het veld ‘{ $field }’ is alleen voor hooks van het type { $type }
violation-one_event_type = Een hook van het type email heeft precies één gebeurtenistype nodig
violation-not_by_email = Voor dit gebeurtenistype kan geen e-mail worden verstuurd
violation-locale_hash = Het veld ‘{ $field }’ moet een hash van teksten zijn, één per taal
violation-too_many_mails = Er zijn genoeg e-mails naar dit adres gestuurd; wacht even en probeer het opnieuw
violation-no_requests = Hier kunnen geen uitnodigingen worden aangevraagd
violation-signup_closed = De registratie is gesloten
violation-not_of_invitation = Het veld ‘{ $field }’ moet overeenkomen met de uitnodiging

## Velden

field-access_token = Toegangstoken
field-access_token_minutes = Minuten van het toegangstoken
field-account = Account
field-accumulate = accumulate
field-after = after
field-alert_email = Waarschuwingsadres
field-algo = Algoritme
field-allowed_origins = Toegestane origins
field-allowed_scopes = Toegestane scopes
field-api_endpoint = API-eindpunt
field-api_key = API-sleutel
field-app_type = App-type
field-auth_provider_id = Authenticatieprovider
field-authorization_url = Autorisatieadres
field-auto_grant = Automatische toestemming
field-available_locales = Beschikbare talen
field-branding = Huisstijl
field-client_app_id = Client-app
field-client_app_secret = Geheim van de client-app
field-client_id = Client-id
field-client_secret = Clientgeheim
field-client_type = Clienttype
field-code = Code
field-code_challenge = Code-challenge
field-code_challenge_method = Methode van de code-challenge
field-code_verifier = Code-verifier
field-color_1 = Kleur
field-created_at_after = Gemaakt na
field-credential = Passkey
field-created_at_before = Gemaakt voor
field-credential_type = Soort inloggegevens
field-ceremony = Handeling
field-rp_id = Domein van de passkeys
field-current = Huidig
field-current_password = Huidig wachtwoord
field-cursor = Cursor
field-custom = custom
field-default_locale = Standaardtaal
field-days = Aantal dagen
field-delay = Vertraging
field-description = Beschrijving
field-destination = Bestemming
field-direction = Richting
field-domain = Domein
field-domain_type = Domeintype
field-email = E-mailadres
field-email_field = Veld voor het e-mailadres
field-email_from = Adres van de afzender
field-email_from_name = Naam van de afzender
field-email_login = Inloggen per e-mail
field-email_pending = E-mailadres in afwachting
field-email_renderers = E-mailformaten
field-email_subjects = E-mailonderwerpen
field-email_templates = E-mailsjablonen
field-email_to = Adres van de ontvanger
field-email_verification = E-mailverificatie
field-email_verified_field = Veld voor het geverifieerde e-mailadres
field-environment = Omgeving
field-event_type = Gebeurtenistype
field-expand = expand
field-expires_at = Vervaldatum
field-first_name = Voornaam
field-first_name_field = Veld voor de voornaam
field-hook_id = Hook
field-hook_type = Hooktype
field-id = Id
field-id_field = Id-veld
field-invitation = Uitnodiging
field-invitation_type = Soort uitnodiging
field-inviting_user_id = Gebruiker die uitnodigt
field-ip = IP-adres
field-issuer = Uitgever
field-jwt_algo = Tokenalgoritme
field-jwt_minutes = Tokenminuten
field-jwt_scopes = Tokenscopes
field-keep_sessions = Te behouden sessies
field-key = Sleutel
field-last_name = Achternaam
field-last_name_field = Veld voor de achternaam
field-link_url = Linkadres
field-list_id = Lijst
field-list_state = Lijststatus
field-locale = Taal
field-locales = Talen
field-loginrocket_domain = LoginRocket-domein
field-logo = Logo
field-logo_icon = Logopictogram
field-lr_features = LoginRocket-functies
field-mailing_list_provider_id = Mailinglijstprovider
field-max_results = Maximumaantal resultaten
field-min_complexity = Minimale complexiteit
field-min_length = Minimale lengte
field-name = Naam
field-name_field = Naamveld
field-nonce = Nonce
field-on_create = Bij aanmaken
field-org_id = Organisatie
field-ordered = Op volgorde
field-org_mode = Organisatiemodus
field-org_name = Organisatienaam
field-org_name_field = Veld voor de organisatienaam
field-password = Wachtwoord
field-password_confirmation = Wachtwoordbevestiging
field-password_field = Wachtwoordveld
field-permission = Recht
field-permissions = Rechten
field-privacy_policy = Privacybeleid
field-profile_url = Profieladres
field-provider_account = Provideraccount
field-provider_name = Providernaam
field-provider_type = Providertype
field-public_name = Openbare naam
field-realm_id = Realm
field-redirect_uri = Omleidingsadres
field-redirect_uris = Omleidingsadressen
field-reference = Referentie
field-request = Verzoek
field-required_chars = Vereiste tekens
field-resource_type = Resourcetype
field-scopes = Scopes
field-secret = Geheim
field-session = Sessie
field-session_id = Sessie
field-session_minutes = Sessieminuten
field-signup = Registratie
field-smtp_host = SMTP-host
field-smtp_password = SMTP-wachtwoord
field-smtp_port = SMTP-poort
field-smtp_user = SMTP-gebruiker
field-sort = Sortering
field-state = Status
field-stylesheet = Stylesheet
field-subdomain = Subdomein
field-certificate = Certificaat
field-private_key = Privésleutel
field-terms_of_service = Servicevoorwaarden
field-title = Titel
field-token = Token
field-token_url = Tokenadres
field-trusted = Vertrouwd
field-use = Gebruik
field-user_id = Gebruiker
field-username = Gebruikersnaam
field-username_field = Veld voor de gebruikersnaam
field-valid_list_ids = Lijsten
field-visibility = Zichtbaarheid

## Mails

mail-reset_subject = Stel uw wachtwoord opnieuw in
mail-reset_text = Iemand heeft gevraagd het wachtwoord van uw account bij { $realm } opnieuw in te stellen. Was u het, kies dan binnen een dag een nieuw wachtwoord; zo niet, negeer deze e-mail
mail-reset_link = Nieuw wachtwoord kiezen
mail-login_subject = Log in bij { $realm }
mail-login_text = Iemand heeft gevraagd om per e-mail in te loggen op uw account bij { $realm }. Was u het, ga dan binnen 15 minuten verder; zo niet, negeer deze e-mail
mail-login_link = Inloggen
mail-login_code = Voer deze code in waar u bent begonnen met inloggen en deel de code met niemand
mail-verify_subject = Bevestig uw e-mailadres
mail-verify_text = Bevestig dat dit e-mailadres van u is, voor uw account bij { $realm }. Hebt u geen account, negeer dan deze e-mail
mail-verify_link = Dit adres bevestigen
mail-invite_subject = Uitnodiging voor { $name }
mail-invite_text = U bent uitgenodigd om deel te nemen aan { $name } bij { $realm }
mail-invite_link = Uitnodiging accepteren
mail-changed_subject = Uw wachtwoord is gewijzigd
mail-changed_text = Het wachtwoord van uw account bij { $realm } is gewijzigd. Was u het niet, stel het dan meteen opnieuw in
mail-hook_off_subject = Een webhook is uitgeschakeld
mail-hook_off_text = Er is al drie dagen niets aangekomen van wat naar { $name } is gestuurd, dus { $realm } stuurt er niets meer heen. Herstel het, schakel de hook weer in en stuur opnieuw wat is gemist
