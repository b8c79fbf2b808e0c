# Deutsch: alles, was ein Mensch zu lesen bekommt, in der Sie-Form. Schlüssel und { $Werte } wie in en.ftl. Ein Feldname
# steht in Anführungszeichen: so braucht er weder Artikel noch Fall, und der Satz stimmt mit jedem Namen.

## Fehler

error-invalid = Die Angaben sind nicht gültig
error-malformed = Die Anfrage konnte nicht gelesen werden
error-login_failed = Anmeldung fehlgeschlagen
error-too_many_attempts = Zu viele Passwortversuche; bitte warten Sie einen Moment und versuchen Sie es erneut
error-key_missing = Ein API-Schlüssel ist erforderlich
error-key_wrong = Der API-Schlüssel ist nicht gültig
error-permission_missing = Der API-Schlüssel erlaubt dies nicht
error-session_invalid = Die Sitzung fehlt oder ist beendet; bitte melden Sie sich erneut an
error-peer_unknown = Zugriff verweigert
error-realm_missing = Die Anfrage nennt den Realm nicht, für den sie bestimmt ist
error-not_found = Nicht gefunden
error-method_not_allowed = Diese Adresse bietet diese Methode nicht an
error-not_acceptable = Antworten gibt es nur als JSON
error-request_timeout = Die Anfrage brauchte zu lange, um anzukommen
error-reader_too_slow = Der Datenstrom wurde zu lange nicht gelesen; bitte nehmen Sie ihn wieder auf
error-conflict = Der aktuelle Zustand lässt dies nicht zu
error-body_too_large = Die Anfrage ist zu groß
error-uri_too_long = Die Adresse ist zu lang
error-unsupported_media_type = Bitte senden Sie JSON oder Formulardaten
error-expectation_failed = Die Erwartung der Anfrage kann nicht erfüllt werden
error-https_required = HTTPS ist erforderlich
error-rate_limited = Zu viele Anfragen; bitte warten Sie einen Moment und versuchen Sie es erneut
error-busy = Der Server ist ausgelastet; bitte versuchen Sie es gleich noch einmal
error-headers_too_large = Die Kopfzeilen der Anfrage sind zu groß
error-internal = Bei uns ist ein Fehler aufgetreten
error-inconsistent = Bei uns ist ein Fehler aufgetreten
error-unavailable = Der Dienst ist vorübergehend nicht verfügbar; bitte versuchen Sie es gleich noch einmal
error-timeout = Die Antwort dauerte zu lange; bitte versuchen Sie es erneut
error-unknown = Die Anfrage ist fehlgeschlagen

## Was an einem Feld nicht stimmt

violation-required = „{ $field }“ ist erforderlich
violation-unknown_value = „{ $field }“ muss einer dieser Werte sein: { $allowed }
violation-too_long = „{ $field }“ darf höchstens { $max } Zeichen lang sein
violation-too_short = „{ $field }“ muss mindestens { $min } Zeichen lang sein
violation-not_an_email = „{ $field }“ muss eine E-Mail-Adresse sein
violation-taken = „{ $field }“ ist bereits vergeben
violation-not_unique_membership = Der Benutzer ist bereits Mitglied dieser Organisation
violation-invalid_characters = „{ $field }“ enthält unzulässige Zeichen
violation-not_a_number = „{ $field }“ muss eine Zahl sein
violation-out_of_range = „{ $field }“ muss zwischen { $min } und { $max } liegen
violation-not_found = „{ $field }“ wurde nicht gefunden
violation-password_too_short = Das Passwort muss mindestens { $min } Zeichen lang sein
violation-password_too_long = Das Passwort darf höchstens { $max } Zeichen lang sein
violation-password_confirmation = Die Passwortbestätigung stimmt nicht überein
violation-current_password = Das aktuelle Passwort stimmt nicht
violation-permission_too_many =
    { $max ->
        [one] Es darf höchstens { $max } Berechtigung geben
       *[other] Es darf höchstens { $max } Berechtigungen geben
    }
violation-permission_format = Eine Berechtigung darf nur Buchstaben, Ziffern und die Zeichen * : ; . _ - enthalten
violation-reserved_permission = Berechtigungen, die mit ar: beginnen, sind reserviert
violation-origin_format = „{ $field }“ muss Ursprünge wie https://app.example.com enthalten
violation-redirect_uri_format = „{ $field }“ muss vollständige Adressen wie https://app.example.com/start enthalten
violation-custom_format = „{ $field }“ muss ein Hash aus Texten, Zahlen, Wahrheitswerten oder Listen davon sein
violation-custom_too_large =
    { $max ->
        [one] „{ $field }“ darf höchstens { $max } Byte belegen
       *[other] „{ $field }“ darf höchstens { $max } Bytes belegen
    }
violation-locale_unknown = „{ $field }“ muss eine bekannte Sprache sein
violation-subdomain_format = „{ $field }“ darf nur Buchstaben, Ziffern und Bindestriche enthalten
violation-domain_format = „{ $field }“ muss ein Hostname sein
violation-certificate_format = „{ $field }“ muss ein bis acht Zertifikate im PEM-Format enthalten
violation-certificate_name = „{ $field }“ muss auf die Domain ausgestellt sein
violation-certificate_expired = „{ $field }“ darf nicht abgelaufen sein
violation-private_key_format = „{ $field }“ muss ein privater Schlüssel im PEM-Format sein
violation-private_key_mismatch = „{ $field }“ muss der private Schlüssel des Zertifikats sein
violation-account_not_member = Der Benutzer ist kein Mitglied dieses Kontos
violation-keep_sessions = „{ $field }“ muss all, none oder die ID einer Sitzung sein
violation-cannot_change = „{ $field }“ kann nicht geändert werden
violation-not_applicable = „{ $field }“ gehört nicht zu dieser Art von Einladung
violation-permission_not_held = Der einladende Benutzer darf diese Berechtigungen nicht vergeben
violation-token_invalid = „{ $field }“ ist ungültig oder abgelaufen
violation-verification_failed = Überprüfung fehlgeschlagen
violation-not_json = Der Inhalt ist kein gültiges JSON
violation-not_an_object = Der Inhalt muss ein JSON-Objekt sein
violation-unreadable_form = Die Parameter konnten nicht dekodiert werden
violation-expand_unknown = Dies lässt sich nicht erweitern; möglich sind: { $allowed }
violation-sort_unknown = Danach lässt sich nicht sortieren; möglich sind: { $allowed }
violation-direction_unknown = Die Richtung muss asc oder desc sein
violation-id_format = „{ $field }“ ist keine gültige ID
violation-org_closed = Die Organisation ist geschlossen
violation-needs_filter = Geben Sie mindestens eines davon an: { $allowed }
violation-user_inactive = Der Benutzer ist nicht aktiv
violation-realm_inactive = Der Realm ist nicht aktiv
violation-too_many_items =
    { $max ->
        [one] „{ $field }“ darf höchstens { $max } Eintrag enthalten
       *[other] „{ $field }“ darf höchstens { $max } Einträge enthalten
    }
violation-in_the_past = „{ $field }“ darf nicht in der Vergangenheit liegen
violation-name_required = Ein Name ist erforderlich
violation-unknown = „{ $field }“ ist nicht gültig
violation-wrong_type = Ein Feld hat einen Wert vom falschen Typ
violation-read_only = „{ $field }“ kann nicht geändert werden
violation-oauth2_only = „{ $field }“ gilt nur für Apps vom Typ oauth2
violation-web_app_only = „{ $field }“ gilt nur für Web-Apps: andere Apps können nichts geheim halten
violation-web_address_format = „{ $field }“ muss eine vollständige Webadresse wie https://www.example.com/ sein
violation-password_needs_lower = Das Passwort muss einen Kleinbuchstaben enthalten
violation-password_needs_upper = Das Passwort muss einen Großbuchstaben enthalten
violation-password_needs_digit = Das Passwort muss eine Ziffer enthalten
violation-password_needs_symbol = Das Passwort muss ein Zeichen enthalten, das weder Buchstabe noch Ziffer ist
violation-password_too_common = Das Passwort ist zu leicht zu erraten
violation-password_breached = Dieses Passwort ist aus einem Datenleck bekannt; bitte wählen Sie ein anderes
violation-password_too_simple = Das Passwort muss mindestens so viele verschiedene Zeichen enthalten: { $different }, und so viele Arten davon: { $kinds } (Kleinbuchstaben, Großbuchstaben, Ziffern, andere)
violation-not_for_this_type = „{ $field }“ gilt nicht für diesen Typ
violation-url_format = „{ $field }“ muss eine vollständige Adresse wie https://login.example.com/path sein
violation-provider_inactive = Diese Anmeldeart ist abgeschaltet
violation-hook_inactive = Der Hook ist abgeschaltet: schalten Sie ihn zuerst ein
violation-not_of_provider = „{ $field }“ gehört nicht zum Anmeldeanbieter
violation-made_by_provider = Zugangsdaten dieses Typs werden nur von ihrem Anbieter angelegt
violation-nothing_to_verify = Bei Zugangsdaten dieses Typs gibt es nichts zu überprüfen
violation-too_many_credentials =
    { $max ->
        [one] Ein Benutzer darf höchstens { $max } Anmeldemethode haben
       *[other] Ein Benutzer darf höchstens { $max } Anmeldemethoden haben
    }
violation-no_second_factor = Der Benutzer hat keinen zweiten Faktor
violation-state_invalid = Die Anmeldung ist abgelaufen oder wurde anderswo begonnen: bitte beginnen Sie noch einmal
violation-ceremony_over = Der Versuch ist abgelaufen oder wurde anderswo begonnen: bitte beginnen Sie noch einmal
violation-verify_email_first = Bitte bestätigen Sie zuerst die E-Mail-Adresse
violation-external_code = Der Code konnte nicht überprüft werden
violation-external_token = Das Zugriffstoken wurde nicht angenommen
violation-external_no_email = Der Anbieter hat keine E-Mail-Adresse mitgeteilt
violation-email_unverified = Der Anbieter hat die E-Mail-Adresse nicht bestätigt, und sie wird hier bereits verwendet
violation-code_invalid = Der Code ist nicht gültig
violation-redirect_uri_unregistered = Die Weiterleitungsadresse ist für diese App nicht registriert
violation-other_hook_type = „{ $field }“ gilt nur für Hooks vom Typ { $type }
violation-one_event_type = Ein Hook vom Typ email braucht genau einen Ereignistyp
violation-not_by_email = Für diesen Ereignistyp kann keine E-Mail gesendet werden
violation-locale_hash = „{ $field }“ muss ein Hash aus Texten sein, einem je Sprache
violation-too_many_mails = Es wurden genug E-Mails an diese Adresse gesendet; bitte warten Sie einen Moment und versuchen Sie es erneut
violation-no_requests = Einladungen hierher können nicht angefragt werden
violation-signup_closed = Die Registrierung ist geschlossen
violation-not_of_invitation = „{ $field }“ muss mit der Einladung übereinstimmen

## Felder

field-access_token = Zugriffstoken
field-access_token_minutes = Minuten des Zugriffstokens
field-account = Konto
field-accumulate = accumulate
field-after = after
field-alert_email = Alarmadresse
field-algo = Algorithmus
field-allowed_origins = Erlaubte Ursprünge
field-allowed_scopes = Erlaubte Scopes
field-api_endpoint = API-Endpunkt
field-api_key = API-Schlüssel
field-app_type = App-Typ
field-auth_provider_id = Anmeldeanbieter
field-authorization_url = Autorisierungsadresse
field-auto_grant = Automatische Freigabe
field-available_locales = Verfügbare Sprachen
field-branding = Markenauftritt
field-client_app_id = Client-App
field-client_app_secret = Geheimnis der Client-App
field-client_id = Client-ID
field-client_secret = Client-Geheimnis
field-client_type = Client-Typ
field-code = Code
field-code_challenge = Code-Challenge
field-code_challenge_method = Methode der Code-Challenge
field-code_verifier = Code-Verifier
field-color_1 = Farbe
field-created_at_after = Erstellt nach
field-credential = Passkey
field-created_at_before = Erstellt vor
field-credential_type = Art der Zugangsdaten
field-ceremony = Vorgang
field-rp_id = Passkey-Domain
field-current = Aktuell
field-current_password = Aktuelles Passwort
field-cursor = Cursor
field-custom = custom
field-default_locale = Standardsprache
field-days = Anzahl der Tage
field-delay = Verzögerung
field-description = Beschreibung
field-destination = Ziel
field-direction = Richtung
field-domain = Domain
field-domain_type = Domain-Typ
field-email = E-Mail-Adresse
field-email_field = E-Mail-Feld
field-email_from = Absenderadresse
field-email_from_name = Absendername
field-email_pending = Ausstehende E-Mail-Adresse
field-email_renderers = E-Mail-Formate
field-email_subjects = E-Mail-Betreffzeilen
field-email_templates = E-Mail-Vorlagen
field-email_to = Empfängeradresse
field-email_verification = E-Mail-Bestätigung
field-email_verified_field = Feld für die bestätigte E-Mail-Adresse
field-environment = Umgebung
field-event_type = Ereignistyp
field-expand = expand
field-expires_at = Ablaufzeitpunkt
field-first_name = Vorname
field-first_name_field = Vornamensfeld
field-hook_id = Hook
field-hook_type = Hook-Typ
field-id = ID
field-id_field = ID-Feld
field-invitation = Einladung
field-invitation_type = Art der Einladung
field-inviting_user_id = Einladender Benutzer
field-ip = IP-Adresse
field-issuer = Aussteller
field-jwt_algo = Token-Algorithmus
field-jwt_minutes = Token-Minuten
field-jwt_scopes = Token-Scopes
field-keep_sessions = Beizubehaltende Sitzungen
field-key = Schlüssel
field-last_name = Nachname
field-last_name_field = Nachnamensfeld
field-link_url = Linkadresse
field-list_id = Liste
field-list_state = Listenstatus
field-locale = Sprache
field-locales = Sprachen
field-loginrocket_domain = LoginRocket-Domain
field-logo = Logo
field-logo_icon = Logo-Symbol
field-lr_features = LoginRocket-Funktionen
field-mailing_list_provider_id = Mailinglisten-Anbieter
field-max_results = Höchstzahl der Ergebnisse
field-min_complexity = Mindestkomplexität
field-min_length = Mindestlänge
field-name = Name
field-name_field = Namensfeld
field-nonce = Nonce
field-on_create = Beim Anlegen
field-org_id = Organisation
field-ordered = der Reihe nach
field-org_mode = Organisationsmodus
field-org_name = Organisationsname
field-org_name_field = Feld für den Organisationsnamen
field-password = Passwort
field-password_confirmation = Passwortbestätigung
field-password_field = Passwortfeld
field-permission = Berechtigung
field-permissions = Berechtigungen
field-privacy_policy = Datenschutzerklärung
field-profile_url = Profiladresse
field-provider_account = Anbieterkonto
field-provider_name = Anbietername
field-provider_type = Anbietertyp
field-public_name = Öffentlicher Name
field-realm_id = Realm
field-redirect_uri = Weiterleitungsadresse
field-redirect_uris = Weiterleitungsadressen
field-reference = Referenz
field-request = Anfrage
field-required_chars = Erforderliche Zeichen
field-resource_type = Ressourcentyp
field-scopes = Scopes
field-secret = Geheimnis
field-session = Sitzung
field-session_id = Sitzung
field-session_minutes = Sitzungsminuten
field-signup = Registrierung
field-smtp_host = SMTP-Host
field-smtp_password = SMTP-Passwort
field-smtp_port = SMTP-Port
field-smtp_user = SMTP-Benutzer
field-sort = Sortierung
field-state = Status
field-stylesheet = Stylesheet
field-subdomain = Subdomain
field-certificate = Zertifikat
field-private_key = Privater Schlüssel
field-terms_of_service = Nutzungsbedingungen
field-title = Titel
field-token = Token
field-token_url = Token-Adresse
field-trusted = Vertrauenswürdig
field-use = Verwendung
field-user_id = Benutzer
field-username = Benutzername
field-username_field = Feld für den Benutzernamen
field-valid_list_ids = Listen
field-visibility = Sichtbarkeit

## Mails

mail-reset_subject = Setzen Sie Ihr Passwort zurück
mail-reset_text = Jemand möchte das Passwort Ihres Kontos bei { $realm } zurücksetzen. Wenn Sie es waren, wählen Sie innerhalb eines Tages ein neues; wenn nicht, ignorieren Sie diese E-Mail
mail-reset_link = Neues Passwort wählen
mail-verify_subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-verify_text = Bitte bestätigen Sie für Ihr Konto bei { $realm }, dass diese E-Mail-Adresse Ihnen gehört. Wenn Sie kein Konto haben, ignorieren Sie diese E-Mail
mail-verify_link = Adresse bestätigen
mail-invite_subject = Einladung zu { $name }
mail-invite_text = Sie sind eingeladen, { $name } bei { $realm } beizutreten
mail-invite_link = Einladung annehmen
mail-changed_subject = Ihr Passwort wurde geändert
mail-changed_text = Das Passwort Ihres Kontos bei { $realm } wurde geändert. Wenn Sie es nicht waren, setzen Sie es sofort zurück
mail-hook_off_subject = Ein Webhook wurde abgeschaltet
mail-hook_off_text = Seit drei Tagen ist nichts angekommen, was an { $name } gesendet wurde; { $realm } sendet daher nichts mehr dorthin. Beheben Sie den Fehler, schalten Sie den Hook wieder ein und lassen Sie das Versäumte erneut senden
