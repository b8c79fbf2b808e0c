# Italiano: tutto ciò che una persona può leggere. Le stesse chiavi e gli stessi { $valori } di en.ftl. Il nome di un campo
# sta tra virgolette dopo "il campo": così la frase concorda con qualsiasi nome.

## Errori

error-invalid = I dati non sono validi
error-malformed = Non è stato possibile leggere la richiesta
error-login_failed = Accesso non riuscito
error-too_many_attempts = Troppi tentativi con la password; attenda un momento e riprovi
error-key_missing = È necessaria una chiave API
error-key_wrong = La chiave API non è valida
error-permission_missing = La chiave API non consente questa operazione
error-session_invalid = La sessione manca o è terminata; acceda di nuovo
error-peer_unknown = Accesso negato
error-realm_missing = La richiesta non indica a quale realm è destinata
error-not_found = Non trovato
error-method_not_allowed = Questo indirizzo non accetta quel metodo
error-not_acceptable = Sono disponibili solo risposte in JSON
error-request_timeout = La richiesta ha impiegato troppo tempo ad arrivare
error-reader_too_slow = Il flusso non è stato letto per troppo tempo; lo riprenda
error-conflict = Lo stato attuale non lo consente
error-body_too_large = La richiesta è troppo grande
error-uri_too_long = L’indirizzo è troppo lungo
error-unsupported_media_type = Invii JSON o dati di un modulo
error-expectation_failed = Non è possibile soddisfare quanto atteso dalla richiesta
error-https_required = È necessario HTTPS
error-rate_limited = Troppe richieste; attenda un momento e riprovi
error-busy = Il server è occupato; riprovi tra poco
error-headers_too_large = Le intestazioni della richiesta sono troppo grandi
error-internal = Si è verificato un errore nel server
error-inconsistent = Si è verificato un errore nel server
error-unavailable = Il servizio non è al momento disponibile; riprovi tra poco
error-timeout = La risposta ha impiegato troppo tempo; riprovi
error-unknown = La richiesta non è riuscita

## Che cosa non va in un campo

violation-required = Il campo “{ $field }” è obbligatorio
violation-unknown_value = Il campo “{ $field }” deve avere uno di questi valori: { $allowed }
violation-too_long =
    { $max ->
        [one] Il campo “{ $field }” deve avere al massimo { $max } carattere
       *[other] Il campo “{ $field }” deve avere al massimo { $max } caratteri
    }
violation-too_short =
    { $min ->
        [one] Il campo “{ $field }” deve avere almeno { $min } carattere
       *[other] Il campo “{ $field }” deve avere almeno { $min } caratteri
    }
violation-not_an_email = Il campo “{ $field }” deve essere un indirizzo e-mail
violation-taken = Il valore del campo “{ $field }” è già in uso
violation-not_unique_membership = L’utente è già membro di questa organizzazione
violation-invalid_characters = Il campo “{ $field }” contiene caratteri non consentiti
violation-not_a_number = Il campo “{ $field }” deve essere un numero
violation-out_of_range = Il campo “{ $field }” deve essere compreso tra { $min } e { $max }
violation-not_found = Il valore del campo “{ $field }” non è stato trovato
violation-password_too_short =
    { $min ->
        [one] La password deve avere almeno { $min } carattere
       *[other] La password deve avere almeno { $min } caratteri
    }
violation-password_too_long =
    { $max ->
        [one] La password deve avere al massimo { $max } carattere
       *[other] La password deve avere al massimo { $max } caratteri
    }
violation-password_confirmation = La conferma della password non corrisponde
violation-current_password = La password attuale non corrisponde
violation-permission_too_many =
    { $max ->
        [one] È consentita al massimo { $max } autorizzazione
       *[other] Sono consentite al massimo { $max } autorizzazioni
    }
violation-permission_format = Un’autorizzazione può contenere solo lettere, cifre e i caratteri * : ; . _ -
violation-reserved_permission = Le autorizzazioni che iniziano con ar: sono riservate
violation-origin_format = Il campo “{ $field }” deve contenere origini come https://app.example.com
violation-redirect_uri_format = Il campo “{ $field }” deve contenere indirizzi completi come https://app.example.com/start
violation-custom_format = Il campo “{ $field }” deve essere un hash di testi, numeri, booleani o elenchi di questi
violation-custom_too_large = Il campo “{ $field }” deve occupare al massimo { $max } byte
violation-locale_unknown = Il campo “{ $field }” deve essere una lingua conosciuta
violation-subdomain_format = Il campo “{ $field }” può contenere solo lettere, cifre e trattini
violation-domain_format = Il campo “{ $field }” deve essere un nome host
violation-certificate_format = Il campo “{ $field }” deve contenere da uno a otto certificati in PEM
violation-certificate_name = Il contenuto del campo “{ $field }” deve essere rilasciato per il dominio
violation-certificate_expired = Il contenuto del campo “{ $field }” non deve essere scaduto
violation-private_key_format = Il campo “{ $field }” deve essere una chiave privata in PEM
violation-private_key_mismatch = Il campo “{ $field }” deve essere la chiave privata del certificato
violation-account_not_member = L’utente non è membro di questo account
violation-keep_sessions = Il campo “{ $field }” deve essere all, none o l’ID di una sessione
violation-cannot_change = Il campo “{ $field }” non può essere modificato
violation-not_applicable = Il campo “{ $field }” non riguarda questo tipo di invito
violation-permission_not_held = L’utente che invita non può concedere queste autorizzazioni
violation-token_invalid = Il valore del campo “{ $field }” non è valido o è scaduto
violation-verification_failed = Verifica non riuscita
violation-not_json = Il corpo non è JSON valido
violation-not_an_object = Il corpo deve essere un oggetto JSON
violation-unreadable_form = Non è stato possibile decodificare i parametri
violation-expand_unknown = Questo elemento non si può espandere; scelga tra: { $allowed }
violation-sort_unknown = Non si può ordinare in questo modo; scelga tra: { $allowed }
violation-direction_unknown = La direzione deve essere asc o desc
violation-id_format = Il campo “{ $field }” non è un ID valido
violation-org_closed = L’organizzazione è chiusa
violation-needs_filter = Indichi almeno uno di questi: { $allowed }
violation-user_inactive = L’utente non è attivo
violation-realm_inactive = Il realm non è attivo
violation-too_many_items =
    { $max ->
        [one] Il campo “{ $field }” può contenere al massimo { $max } elemento
       *[other] Il campo “{ $field }” può contenere al massimo { $max } elementi
    }
violation-in_the_past = Il campo “{ $field }” non può essere nel passato
violation-name_required = È necessario un nome
violation-unknown = Il campo “{ $field }” non è valido
violation-wrong_type = Un campo ha un valore di tipo errato
violation-read_only = Il campo “{ $field }” non può essere modificato
violation-oauth2_only = Il campo “{ $field }” vale solo per le app di tipo oauth2
violation-web_app_only = Il campo “{ $field }” vale solo per le app web: le altre non possono custodire un segreto
violation-web_address_format = Il campo “{ $field }” deve essere un indirizzo web completo come https://www.example.com/
violation-password_needs_lower = La password deve contenere una lettera minuscola
violation-password_needs_upper = La password deve contenere una lettera maiuscola
violation-password_needs_digit = La password deve contenere una cifra
violation-password_needs_symbol = La password deve contenere un carattere che non sia né lettera né cifra
violation-password_too_common = La password è troppo facile da indovinare
violation-password_breached = Questa password è nota per una fuga di dati; ne scelga un’altra
violation-password_too_simple = La password è troppo semplice; caratteri diversi necessari: { $different }, tipi necessari: { $kinds } (minuscole, maiuscole, cifre, altri)
violation-not_for_this_type = Il campo “{ $field }” non si applica a questo tipo
violation-url_format = Il campo “{ $field }” deve essere un indirizzo completo come https://login.example.com/path
violation-provider_inactive = Questo modo di accedere è disattivato
violation-hook_inactive = L'hook è disattivato: attivalo prima
violation-not_of_provider = Il campo “{ $field }” non appartiene al provider di autenticazione
violation-made_by_provider = Una credenziale di questo tipo è creata solo dal suo provider
violation-nothing_to_verify = Una credenziale di questo tipo non ha nulla da verificare
violation-too_many_credentials =
    { $max ->
        [one] Un utente può avere al massimo { $max } credenziale
       *[other] Un utente può avere al massimo { $max } credenziali
    }
violation-no_second_factor = L’utente non ha un secondo fattore
violation-state_invalid = L’accesso è scaduto o è stato iniziato altrove: ricominci da capo
violation-ceremony_over = Il tentativo è scaduto o è stato iniziato altrove: ricominci da capo
violation-verify_email_first = Confermi prima l’indirizzo e-mail
violation-external_code = Non è stato possibile verificare il codice
violation-external_token = Il token di accesso non è stato accettato
violation-external_no_email = Il provider non ha comunicato un indirizzo e-mail
violation-email_unverified = Il provider non ha verificato l’indirizzo e-mail, che qui è già in uso
violation-code_invalid = Il codice non è valido
violation-redirect_uri_unregistered = L’indirizzo di reindirizzamento non è registrato per questa app
violation-other_hook_type = Il campo “{ $field }” vale solo per gli hook di tipo { $type }
violation-one_event_type = Un hook di tipo email richiede esattamente un tipo di evento
violation-not_by_email = Per questo tipo di evento non si possono inviare e-mail
violation-locale_hash = Il campo “{ $field }” deve essere un hash di testi, uno per lingua
violation-too_many_mails = Sono già state inviate abbastanza e-mail a questo indirizzo; attenda un momento e riprovi
violation-no_requests = Qui non è possibile richiedere inviti
violation-signup_closed = La registrazione è chiusa
violation-not_of_invitation = Il campo “{ $field }” deve corrispondere all’invito

## Campi

field-access_token = Token di accesso
field-access_token_minutes = Minuti del token di accesso
field-account = Account
field-accumulate = accumulate
field-after = after
field-alert_email = Indirizzo di avviso
field-algo = Algoritmo
field-allowed_origins = Origini consentite
field-allowed_scopes = Ambiti consentiti
field-api_endpoint = Endpoint dell’API
field-api_key = Chiave API
field-app_type = Tipo di app
field-auth_provider_id = Provider di autenticazione
field-authorization_url = Indirizzo di autorizzazione
field-auto_grant = Concessione automatica
field-available_locales = Lingue disponibili
field-branding = Identità visiva
field-client_app_id = App client
field-client_app_secret = Segreto dell’app client
field-client_id = ID client
field-client_secret = Segreto del client
field-client_type = Tipo di client
field-code = Codice
field-code_challenge = Sfida del codice
field-code_challenge_method = Metodo della sfida del codice
field-code_verifier = Verificatore del codice
field-color_1 = Colore
field-created_at_after = Creato dopo
field-credential = Passkey
field-created_at_before = Creato prima
field-credential_type = Tipo di credenziale
field-ceremony = Operazione
field-rp_id = Dominio delle passkey
field-current = Attuale
field-current_password = Password attuale
field-cursor = Cursore
field-custom = custom
field-default_locale = Lingua predefinita
field-days = Numero di giorni
field-delay = Ritardo
field-description = Descrizione
field-destination = Destinazione
field-direction = Direzione
field-domain = Dominio
field-domain_type = Tipo di dominio
field-email = Indirizzo e-mail
field-email_field = Campo dell’e-mail
field-email_from = Indirizzo del mittente
field-email_from_name = Nome del mittente
field-email_login = Accesso via e-mail
field-email_pending = Indirizzo e-mail in attesa
field-email_renderers = Formati delle e-mail
field-email_subjects = Oggetti delle e-mail
field-email_templates = Modelli di e-mail
field-email_to = Indirizzo del destinatario
field-email_verification = Verifica dell’e-mail
field-email_verified_field = Campo dell’e-mail verificata
field-environment = Ambiente
field-event_type = Tipo di evento
field-expand = expand
field-expires_at = Scadenza
field-first_name = Nome
field-first_name_field = Campo del nome di battesimo
field-hook_id = Hook
field-hook_type = Tipo di hook
field-id = ID
field-id_field = Campo dell’ID
field-invitation = Invito
field-invitation_type = Tipo di invito
field-inviting_user_id = Utente che invita
field-ip = Indirizzo IP
field-issuer = Emittente
field-jwt_algo = Algoritmo del token
field-jwt_minutes = Minuti del token
field-jwt_scopes = Ambiti del token
field-keep_sessions = Sessioni da mantenere
field-key = Chiave
field-last_name = Cognome
field-last_name_field = Campo del cognome
field-link_url = Indirizzo del link
field-list_id = Lista
field-list_state = Stato nella lista
field-locale = Lingua
field-locales = Lingue
field-loginrocket_domain = Dominio di LoginRocket
field-logo = Logo
field-logo_icon = Icona del logo
field-lr_features = Funzioni di LoginRocket
field-mailing_list_provider_id = Provider di mailing list
field-max_results = Numero massimo di risultati
field-min_complexity = Complessità minima
field-min_length = Lunghezza minima
field-name = Nome
field-name_field = Campo del nome
field-nonce = Nonce
field-on_create = Alla creazione
field-org_id = Organizzazione
field-ordered = In ordine
field-org_mode = Modalità delle organizzazioni
field-org_name = Nome dell’organizzazione
field-org_name_field = Campo del nome dell’organizzazione
field-password = Password
field-password_confirmation = Conferma della password
field-password_field = Campo della password
field-permission = Autorizzazione
field-permissions = Autorizzazioni
field-privacy_policy = Informativa sulla privacy
field-profile_url = Indirizzo del profilo
field-provider_account = Account del provider
field-provider_name = Nome del provider
field-provider_type = Tipo di provider
field-public_name = Nome pubblico
field-realm_id = Realm
field-redirect_uri = Indirizzo di reindirizzamento
field-redirect_uris = Indirizzi di reindirizzamento
field-reference = Riferimento
field-request = Richiesta
field-required_chars = Caratteri richiesti
field-resource_type = Tipo di risorsa
field-scopes = Ambiti
field-secret = Segreto
field-session = Sessione
field-session_id = Sessione
field-session_minutes = Minuti della sessione
field-signup = Registrazione
field-smtp_host = Host SMTP
field-smtp_password = Password SMTP
field-smtp_port = Porta SMTP
field-smtp_user = Utente SMTP
field-sort = Ordinamento
field-state = Stato
field-stylesheet = Foglio di stile
field-subdomain = Sottodominio
field-certificate = Certificato
field-private_key = Chiave privata
field-terms_of_service = Termini di servizio
field-title = Titolo
field-token = Token
field-token_url = Indirizzo dei token
field-trusted = Attendibile
field-use = Uso
field-user_id = Utente
field-username = Nome utente
field-username_field = Campo del nome utente
field-valid_list_ids = Liste
field-visibility = Visibilità

## Mails

mail-reset_subject = Reimposta la password
mail-reset_text = Qualcuno ha chiesto di reimpostare la password del tuo account presso { $realm }. Se sei stato tu, scegline una nuova entro un giorno; altrimenti ignora questa e-mail
mail-reset_link = Scegli una nuova password
mail-login_subject = Accedi a { $realm }
mail-login_text = Qualcuno ha chiesto di accedere via e-mail al tuo account presso { $realm }. Se sei stato tu, prosegui entro 15 minuti; altrimenti ignora questa e-mail
mail-login_link = Accedi
mail-login_code = Inserisci questo codice dove hai iniziato ad accedere e non comunicarlo a nessuno
mail-verify_subject = Conferma il tuo indirizzo e-mail
mail-verify_text = Conferma che questo indirizzo e-mail è tuo, per il tuo account presso { $realm }. Se non ne hai uno, ignora questa e-mail
mail-verify_link = Conferma questo indirizzo
mail-invite_subject = Invito a { $name }
mail-invite_text = Hai ricevuto un invito a unirti a { $name } presso { $realm }
mail-invite_link = Accetta l’invito
mail-changed_subject = La tua password è stata cambiata
mail-changed_text = La password del tuo account presso { $realm } è stata cambiata. Se non sei stato tu, reimpostala subito
mail-hook_off_subject = Un webhook è stato disattivato
mail-hook_off_text = Da tre giorni nulla di ciò che è stato inviato a { $name } è arrivato, quindi { $realm } non gli invia più nulla. Risolvi il problema, riattiva l'hook e ripeti ciò che è andato perso
