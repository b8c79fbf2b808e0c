# Polski: wszystko, co czyta człowiek, w formie bezosobowej. Te same klucze i te same { $wartości } co w en.ftl. Nazwa pola
# stoi w cudzysłowie po słowie „pole”: tak zdanie jest poprawne z każdą nazwą.

## Błędy

error-invalid = Dane są nieprawidłowe
error-malformed = Nie udało się odczytać żądania
error-login_failed = Logowanie nie powiodło się
error-too_many_attempts = Zbyt wiele prób podania hasła; należy chwilę odczekać i spróbować ponownie
error-key_missing = Wymagany jest klucz API
error-key_wrong = Klucz API jest nieprawidłowy
error-permission_missing = Klucz API nie zezwala na tę operację
error-session_invalid = Sesja nie istnieje lub wygasła; należy zalogować się ponownie
error-peer_unknown = Odmowa dostępu
error-realm_missing = Żądanie nie wskazuje, którego realmu dotyczy
error-not_found = Nie znaleziono
error-method_not_allowed = Ten adres nie obsługuje tej metody
error-not_acceptable = Dostępne są tylko odpowiedzi w formacie JSON
error-request_timeout = Żądanie docierało zbyt długo
error-reader_too_slow = Strumień zbyt długo nie był odczytywany; należy go wznowić
error-conflict = Bieżący stan na to nie pozwala
error-body_too_large = Żądanie jest zbyt duże
error-uri_too_long = Adres jest zbyt długi
error-unsupported_media_type = Należy przesłać JSON lub dane formularza
error-expectation_failed = Nie można spełnić oczekiwania żądania
error-https_required = Wymagane jest połączenie HTTPS
error-rate_limited = Zbyt wiele żądań; należy chwilę odczekać i spróbować ponownie
error-busy = Serwer jest zajęty; proszę spróbować za chwilę
error-headers_too_large = Nagłówki żądania są zbyt duże
error-internal = Wystąpił błąd po naszej stronie
error-inconsistent = Wystąpił błąd po naszej stronie
error-unavailable = Usługa jest chwilowo niedostępna; proszę spróbować za chwilę
error-timeout = Odpowiedź trwała zbyt długo; proszę spróbować ponownie
error-unknown = Żądanie nie powiodło się

## Co jest nie tak z polem

violation-required = Pole „{ $field }” jest wymagane
violation-unknown_value = Pole „{ $field }” musi mieć jedną z wartości: { $allowed }
violation-too_long =
    { $max ->
        [one] Pole „{ $field }” może zawierać najwyżej { $max } znak
        [few] Pole „{ $field }” może zawierać najwyżej { $max } znaki
        [many] Pole „{ $field }” może zawierać najwyżej { $max } znaków
       *[other] Pole „{ $field }” może zawierać najwyżej { $max } znaku
    }
violation-too_short =
    { $min ->
        [one] Pole „{ $field }” musi zawierać co najmniej { $min } znak
        [few] Pole „{ $field }” musi zawierać co najmniej { $min } znaki
        [many] Pole „{ $field }” musi zawierać co najmniej { $min } znaków
       *[other] Pole „{ $field }” musi zawierać co najmniej { $min } znaku
    }
violation-not_an_email = Pole „{ $field }” musi zawierać adres e-mail
violation-taken = Wartość pola „{ $field }” jest już zajęta
violation-not_unique_membership = Użytkownik już należy do tej organizacji
violation-invalid_characters = Pole „{ $field }” zawiera niedozwolone znaki
violation-not_a_number = Pole „{ $field }” musi być liczbą
violation-out_of_range = Wartość pola „{ $field }” musi mieścić się między { $min } a { $max }
violation-not_found = Nie znaleziono wartości pola „{ $field }”
violation-password_too_short =
    { $min ->
        [one] Hasło musi zawierać co najmniej { $min } znak
        [few] Hasło musi zawierać co najmniej { $min } znaki
        [many] Hasło musi zawierać co najmniej { $min } znaków
       *[other] Hasło musi zawierać co najmniej { $min } znaku
    }
violation-password_too_long =
    { $max ->
        [one] Hasło może zawierać najwyżej { $max } znak
        [few] Hasło może zawierać najwyżej { $max } znaki
        [many] Hasło może zawierać najwyżej { $max } znaków
       *[other] Hasło może zawierać najwyżej { $max } znaku
    }
violation-password_confirmation = Powtórzone hasło nie zgadza się
violation-current_password = Bieżące hasło nie zgadza się
violation-permission_too_many =
    { $max ->
        [one] Dozwolone jest najwyżej { $max } uprawnienie
        [few] Dozwolone są najwyżej { $max } uprawnienia
        [many] Dozwolonych jest najwyżej { $max } uprawnień
       *[other] Dozwolone jest najwyżej { $max } uprawnienia
    }
violation-permission_format = Uprawnienie może zawierać tylko litery, cyfry i znaki * : ; . _ -
violation-reserved_permission = Uprawnienia zaczynające się od ar: są zastrzeżone
violation-origin_format = Pole „{ $field }” musi zawierać źródła takie jak https://app.example.com
violation-redirect_uri_format = Pole „{ $field }” musi zawierać pełne adresy takie jak https://app.example.com/start
violation-custom_format = Pole „{ $field }” musi być tablicą asocjacyjną tekstów, liczb, wartości logicznych lub ich list
violation-custom_too_large =
    { $max ->
        [one] Pole „{ $field }” może zajmować najwyżej { $max } bajt
        [few] Pole „{ $field }” może zajmować najwyżej { $max } bajty
        [many] Pole „{ $field }” może zajmować najwyżej { $max } bajtów
       *[other] Pole „{ $field }” może zajmować najwyżej { $max } bajta
    }
violation-locale_unknown = Pole „{ $field }” musi wskazywać znany język
violation-subdomain_format = Pole „{ $field }” może zawierać tylko litery, cyfry i łączniki
violation-domain_format = Pole „{ $field }” musi być nazwą hosta
violation-certificate_format = Pole „{ $field }” musi zawierać od jednego do ośmiu certyfikatów w formacie PEM
violation-certificate_name = Zawartość pola „{ $field }” musi być wystawiona dla tej domeny
violation-certificate_expired = Zawartość pola „{ $field }” nie może być przeterminowana
violation-private_key_format = Pole „{ $field }” musi zawierać klucz prywatny w formacie PEM
violation-private_key_mismatch = Pole „{ $field }” musi zawierać klucz prywatny certyfikatu
violation-account_not_member = Użytkownik nie należy do tego konta
violation-keep_sessions = Pole „{ $field }” musi mieć wartość all, none lub identyfikator sesji
violation-cannot_change = Pola „{ $field }” nie można zmienić
violation-not_applicable = Pole „{ $field }” nie dotyczy tego rodzaju zaproszenia
violation-permission_not_held = Zapraszający użytkownik nie może nadać tych uprawnień
violation-token_invalid = Wartość pola „{ $field }” jest nieprawidłowa lub wygasła
violation-verification_failed = Weryfikacja nie powiodła się
violation-not_json = Treść nie jest poprawnym JSON-em
violation-not_an_object = Treść musi być obiektem JSON
violation-unreadable_form = Nie udało się odkodować parametrów
violation-expand_unknown = Tego nie można rozwinąć; do wyboru: { $allowed }
violation-sort_unknown = Nie można według tego sortować; do wyboru: { $allowed }
violation-direction_unknown = Kierunek musi mieć wartość asc lub desc
violation-id_format = Pole „{ $field }” nie jest prawidłowym identyfikatorem
violation-org_closed = Organizacja jest zamknięta
violation-needs_filter = Należy podać co najmniej jedno z: { $allowed }
violation-user_inactive = Użytkownik nie jest aktywny
violation-realm_inactive = Realm nie jest aktywny
violation-too_many_items =
    { $max ->
        [one] Pole „{ $field }” może zawierać najwyżej { $max } element
        [few] Pole „{ $field }” może zawierać najwyżej { $max } elementy
        [many] Pole „{ $field }” może zawierać najwyżej { $max } elementów
       *[other] Pole „{ $field }” może zawierać najwyżej { $max } elementu
    }
violation-in_the_past = Wartość pola „{ $field }” nie może leżeć w przeszłości
violation-name_required = Nazwa jest wymagana
violation-unknown = Pole „{ $field }” jest nieprawidłowe
violation-wrong_type = Jedno z pól ma wartość niewłaściwego typu
violation-read_only = Pola „{ $field }” nie można zmienić
violation-oauth2_only = Pole „{ $field }” dotyczy tylko aplikacji typu oauth2
violation-web_app_only = Pole „{ $field }” dotyczy tylko aplikacji webowych: inne nie potrafią dochować tajemnicy
violation-web_address_format = Pole „{ $field }” musi być pełnym adresem internetowym takim jak https://www.example.com/
violation-password_needs_lower = Hasło musi zawierać małą literę
violation-password_needs_upper = Hasło musi zawierać wielką literę
violation-password_needs_digit = Hasło musi zawierać cyfrę
violation-password_needs_symbol = Hasło musi zawierać znak, który nie jest literą ani cyfrą
violation-password_too_common = Hasło jest zbyt łatwe do odgadnięcia
violation-password_breached = To hasło jest znane z wycieku danych; proszę wybrać inne
violation-password_too_simple = Hasło jest zbyt proste; wymagana liczba różnych znaków: { $different }, wymagana liczba rodzajów: { $kinds } (małe litery, wielkie litery, cyfry, inne)
violation-not_for_this_type = Pole „{ $field }” nie dotyczy tego typu
violation-url_format = Pole „{ $field }” musi być pełnym adresem takim jak https://login.example.com/path
violation-provider_inactive = Ten sposób logowania jest wyłączony
violation-hook_inactive = Hook jest wyłączony: najpierw go włącz
violation-not_of_provider = Pole „{ $field }” nie należy do dostawcy uwierzytelniania
violation-made_by_provider = Dane logowania tego typu tworzy wyłącznie ich dostawca
violation-nothing_to_verify = W danych logowania tego typu nie ma czego weryfikować
violation-too_many_credentials =
    { $max ->
        [one] Użytkownik może mieć najwyżej { $max } metodę logowania
        [few] Użytkownik może mieć najwyżej { $max } metody logowania
        [many] Użytkownik może mieć najwyżej { $max } metod logowania
       *[other] Użytkownik może mieć najwyżej { $max } metody logowania
    }
violation-no_second_factor = Użytkownik nie ma drugiego składnika
violation-state_invalid = Logowanie wygasło lub zostało rozpoczęte gdzie indziej: należy zacząć od nowa
violation-ceremony_over = Próba wygasła lub została rozpoczęta gdzie indziej: należy zacząć od nowa
violation-verify_email_first = Najpierw należy potwierdzić adres e-mail
violation-external_code = Nie udało się sprawdzić kodu
violation-external_token = Token dostępu nie został przyjęty
violation-external_no_email = Dostawca nie podał adresu e-mail
violation-email_unverified = Dostawca nie potwierdził adresu e-mail, a jest on tu już używany
violation-code_invalid = Kod jest nieprawidłowy
violation-redirect_uri_unregistered = Adres przekierowania nie jest zarejestrowany dla tej aplikacji
violation-other_hook_type = Pole „{ $field }” dotyczy tylko hooków typu { $type }
violation-one_event_type = Hook typu email wymaga dokładnie jednego typu zdarzenia
violation-not_by_email = Dla tego typu zdarzenia nie można wysłać wiadomości e-mail
violation-locale_hash = Pole „{ $field }” musi być tablicą asocjacyjną tekstów, po jednym na język
violation-too_many_mails = Na ten adres wysłano już wystarczająco wiele wiadomości; należy chwilę odczekać i spróbować ponownie
violation-no_requests = Tutaj nie można prosić o zaproszenie
violation-signup_closed = Rejestracja jest zamknięta
violation-not_of_invitation = Pole „{ $field }” musi być zgodne z zaproszeniem

## Pola

field-access_token = Token dostępu
field-access_token_minutes = Ważność tokenu dostępu w minutach
field-account = Konto
field-accumulate = accumulate
field-after = after
field-alert_email = Adres alertów
field-algo = Algorytm
field-allowed_origins = Dozwolone źródła
field-allowed_scopes = Dozwolone zakresy
field-api_endpoint = Punkt końcowy API
field-api_key = Klucz API
field-app_type = Typ aplikacji
field-auth_provider_id = Dostawca uwierzytelniania
field-authorization_url = Adres autoryzacji
field-auto_grant = Automatyczna zgoda
field-available_locales = Dostępne języki
field-branding = Oznakowanie marki
field-client_app_id = Aplikacja kliencka
field-client_app_secret = Sekret aplikacji klienckiej
field-client_id = Identyfikator klienta
field-client_secret = Sekret klienta
field-client_type = Typ klienta
field-code = Kod
field-code_challenge = Wyzwanie kodu
field-code_challenge_method = Metoda wyzwania kodu
field-code_verifier = Weryfikator kodu
field-color_1 = Kolor
field-created_at_after = Utworzono po
field-credential = Klucz dostępu
field-created_at_before = Utworzono przed
field-credential_type = Typ danych logowania
field-ceremony = Operacja
field-rp_id = Domena kluczy dostępu
field-current = Bieżący
field-current_password = Bieżące hasło
field-cursor = Kursor
field-custom = custom
field-default_locale = Język domyślny
field-days = Liczba dni
field-delay = Opóźnienie
field-description = Opis
field-destination = Cel
field-direction = Kierunek
field-domain = Domena
field-domain_type = Typ domeny
field-email = Adres e-mail
field-email_field = Pole adresu e-mail
field-email_from = Adres nadawcy
field-email_from_name = Nazwa nadawcy
field-email_login = Logowanie e-mailem
field-email_pending = Oczekujący adres e-mail
field-email_renderers = Formaty wiadomości e-mail
field-email_subjects = Tematy wiadomości e-mail
field-email_templates = Szablony wiadomości e-mail
field-email_to = Adres odbiorcy
field-email_verification = Weryfikacja adresu e-mail
field-email_verified_field = Pole potwierdzonego adresu e-mail
field-environment = Środowisko
field-event_type = Typ zdarzenia
field-expand = expand
field-expires_at = Data wygaśnięcia
field-first_name = Imię
field-first_name_field = Pole imienia
field-hook_id = Hook
field-hook_type = Typ hooka
field-id = Identyfikator
field-id_field = Pole identyfikatora
field-invitation = Zaproszenie
field-invitation_type = Rodzaj zaproszenia
field-inviting_user_id = Zapraszający użytkownik
field-ip = Adres IP
field-issuer = Wystawca
field-jwt_algo = Algorytm tokenu
field-jwt_minutes = Ważność tokenu w minutach
field-jwt_scopes = Zakresy tokenu
field-keep_sessions = Zachowywane sesje
field-key = Klucz
field-last_name = Nazwisko
field-last_name_field = Pole nazwiska
field-link_url = Adres odnośnika
field-list_id = Lista
field-list_state = Stan na liście
field-locale = Język
field-locales = Języki
field-loginrocket_domain = Domena LoginRocket
field-logo = Logo
field-logo_icon = Ikona logo
field-lr_features = Funkcje LoginRocket
field-mailing_list_provider_id = Dostawca list mailingowych
field-max_results = Maksymalna liczba wyników
field-min_complexity = Minimalna złożoność
field-min_length = Minimalna długość
field-name = Nazwa
field-name_field = Pole nazwy
field-nonce = Nonce
field-on_create = Przy tworzeniu
field-org_id = Organizacja
field-ordered = Po kolei
field-org_mode = Tryb organizacji
field-org_name = Nazwa organizacji
field-org_name_field = Pole nazwy organizacji
field-password = Hasło
field-password_confirmation = Powtórzenie hasła
field-password_field = Pole hasła
field-permission = Uprawnienie
field-permissions = Uprawnienia
field-privacy_policy = Polityka prywatności
field-profile_url = Adres profilu
field-provider_account = Konto u dostawcy
field-provider_name = Nazwa dostawcy
field-provider_type = Typ dostawcy
field-public_name = Nazwa publiczna
field-realm_id = Realm
field-redirect_uri = Adres przekierowania
field-redirect_uris = Adresy przekierowania
field-reference = Odniesienie
field-request = Żądanie
field-required_chars = Wymagane znaki
field-resource_type = Typ zasobu
field-scopes = Zakresy
field-secret = Sekret
field-session = Sesja
field-session_id = Sesja
field-session_minutes = Długość sesji w minutach
field-signup = Rejestracja
field-smtp_host = Serwer SMTP
field-smtp_password = Hasło SMTP
field-smtp_port = Port SMTP
field-smtp_user = Użytkownik SMTP
field-sort = Sortowanie
field-state = Stan
field-stylesheet = Arkusz stylów
field-subdomain = Subdomena
field-certificate = Certyfikat
field-private_key = Klucz prywatny
field-terms_of_service = Warunki korzystania
field-title = Tytuł
field-token = Token
field-token_url = Adres tokenów
field-trusted = Zaufany
field-use = Zastosowanie
field-user_id = Użytkownik
field-username = Nazwa użytkownika
field-username_field = Pole nazwy użytkownika
field-valid_list_ids = Listy
field-visibility = Widoczność

## Mails

mail-reset_subject = Zresetuj hasło
mail-reset_text = Ktoś poprosił o zresetowanie hasła do Twojego konta w { $realm }. Jeśli to Ty, wybierz nowe w ciągu jednego dnia; jeśli nie, zignoruj tę wiadomość
mail-reset_link = Wybierz nowe hasło
mail-login_subject = Zaloguj się do { $realm }
mail-login_text = Ktoś poprosił o zalogowanie e-mailem na Twoje konto w { $realm }. Jeśli to Ty, kontynuuj w ciągu 15 minut; jeśli nie, zignoruj tę wiadomość
mail-login_link = Zaloguj się
mail-login_code = Wpisz ten kod tam, gdzie rozpoczęto logowanie, i nikomu go nie podawaj
mail-verify_subject = Potwierdź swój adres e-mail
mail-verify_text = Potwierdź, że ten adres e-mail należy do Ciebie, dla Twojego konta w { $realm }. Jeśli nie masz konta, zignoruj tę wiadomość
mail-verify_link = Potwierdź ten adres
mail-invite_subject = Zaproszenie do { $name }
mail-invite_text = Zapraszamy do dołączenia do { $name } w { $realm }
mail-invite_link = Przyjmij zaproszenie
mail-changed_subject = Twoje hasło zostało zmienione
mail-changed_text = Hasło do Twojego konta w { $realm } zostało zmienione. Jeśli to nie Ty, natychmiast je zresetuj
mail-hook_off_subject = Webhook został wyłączony
mail-hook_off_text = Od trzech dni nic z tego, co wysłano do { $name }, nie dotarło, więc { $realm } nic już tam nie wysyła. Usuń usterkę, włącz hook ponownie i powtórz to, co przepadło
