# עברית: כל מה שאדם עשוי לקרוא, בלשון ניטרלית מבחינה מגדרית. המפתחות והערכים { $value } כמו ב־en.ftl. שם השדה בא במירכאות
# אחרי המילה "השדה", וכך המשפט נכון עם כל שם. טקסט לטיני שנגמר בסימן נתון בין U+2066 ל־U+2069 כדי שהסימן לא יזוז.

## שגיאות

error-invalid = הנתונים אינם תקינים
error-malformed = לא ניתן היה לקרוא את הבקשה
error-login_failed = ההתחברות נכשלה
error-too_many_attempts = יותר מדי ניסיונות סיסמה; נא להמתין מעט ולנסות שוב
error-key_missing = נדרש מפתח API
error-key_wrong = מפתח ה־API אינו תקין
error-permission_missing = מפתח ה־API אינו מרשה פעולה זו
error-session_invalid = ההפעלה אינה קיימת או הסתיימה; נא להתחבר שוב
error-peer_unknown = הגישה נדחתה
error-realm_missing = הבקשה אינה מציינת לאיזה מתחם היא מיועדת
error-not_found = לא נמצא
error-method_not_allowed = כתובת זו אינה תומכת בשיטה זו
error-not_acceptable = התשובות זמינות ב־JSON בלבד
error-request_timeout = הגעת הבקשה ארכה זמן רב מדי
error-reader_too_slow = הזרם לא נקרא זמן רב מדי; נא לחדש את הקריאה
error-conflict = המצב הנוכחי אינו מאפשר זאת
error-body_too_large = הבקשה גדולה מדי
error-uri_too_long = הכתובת ארוכה מדי
error-unsupported_media_type = נא לשלוח JSON או נתוני טופס
error-expectation_failed = לא ניתן למלא את ציפיית הבקשה
error-https_required = נדרש HTTPS
error-rate_limited = יותר מדי בקשות; נא להמתין מעט ולנסות שוב
error-busy = השרת עמוס; נא לנסות שוב בעוד רגע
error-headers_too_large = כותרות הבקשה גדולות מדי
error-internal = אירעה תקלה אצלנו
error-inconsistent = אירעה תקלה אצלנו
error-unavailable = השירות אינו זמין כרגע; נא לנסות שוב בעוד רגע
error-timeout = התשובה ארכה זמן רב מדי; נא לנסות שוב
error-unknown = הבקשה נכשלה

## מה לא תקין בשדה

violation-required = השדה "{ $field }" הוא שדה חובה
violation-unknown_value = ערך השדה "{ $field }" חייב להיות אחד מאלה: { $allowed }
violation-too_long =
    { $max ->
        [one] השדה "{ $field }" יכול להכיל תו אחד לכל היותר
        [two] השדה "{ $field }" יכול להכיל שני תווים לכל היותר
       *[other] השדה "{ $field }" יכול להכיל { $max } תווים לכל היותר
    }
violation-too_short =
    { $min ->
        [one] השדה "{ $field }" חייב להכיל תו אחד לפחות
        [two] השדה "{ $field }" חייב להכיל שני תווים לפחות
       *[other] השדה "{ $field }" חייב להכיל { $min } תווים לפחות
    }
violation-not_an_email = השדה "{ $field }" חייב להיות כתובת דוא״ל
violation-taken = ערך השדה "{ $field }" כבר נמצא בשימוש
violation-not_unique_membership = המשתמש כבר חבר בארגון זה
violation-invalid_characters = השדה "{ $field }" מכיל תווים אסורים
violation-not_a_number = השדה "{ $field }" חייב להיות מספר
violation-out_of_range = ערך השדה "{ $field }" חייב להיות בין { $min } ל־{ $max }
violation-not_found = ערך השדה "{ $field }" לא נמצא
violation-password_too_short =
    { $min ->
        [one] הסיסמה חייבת להכיל תו אחד לפחות
        [two] הסיסמה חייבת להכיל שני תווים לפחות
       *[other] הסיסמה חייבת להכיל { $min } תווים לפחות
    }
violation-password_too_long =
    { $max ->
        [one] הסיסמה יכולה להכיל תו אחד לכל היותר
        [two] הסיסמה יכולה להכיל שני תווים לכל היותר
       *[other] הסיסמה יכולה להכיל { $max } תווים לכל היותר
    }
violation-password_confirmation = אישור הסיסמה אינו תואם
violation-current_password = הסיסמה הנוכחית אינה תואמת
violation-permission_too_many =
    { $max ->
        [one] מותרת הרשאה אחת לכל היותר
        [two] מותרות שתי הרשאות לכל היותר
       *[other] מותרות { $max } הרשאות לכל היותר
    }
violation-permission_format = הרשאה יכולה להכיל רק אותיות, ספרות והתווים { "\u2066" }* : ; . _ -{ "\u2069" }
violation-reserved_permission = הרשאות שמתחילות ב־{ "\u2066" }ar:{ "\u2069" } שמורות
violation-origin_format = השדה "{ $field }" חייב להכיל מקורות כגון { "\u2066" }https://app.example.com{ "\u2069" }
violation-redirect_uri_format = השדה "{ $field }" חייב להכיל כתובות מלאות כגון { "\u2066" }https://app.example.com/start{ "\u2069" }
violation-custom_format = השדה "{ $field }" חייב להיות אובייקט שערכיו טקסטים, מספרים, ערכים בוליאניים או רשימות שלהם
violation-custom_too_large =
    { $max ->
        [one] גודל השדה "{ $field }" יכול להיות בייט אחד לכל היותר
        [two] גודל השדה "{ $field }" יכול להיות שני בייטים לכל היותר
       *[other] גודל השדה "{ $field }" יכול להיות { $max } בייטים לכל היותר
    }
violation-locale_unknown = השדה "{ $field }" חייב להיות שפה מוכרת
violation-subdomain_format = השדה "{ $field }" יכול להכיל רק אותיות, ספרות ומקפים
violation-domain_format = השדה "{ $field }" חייב להיות שם מארח
violation-certificate_format = השדה "{ $field }" חייב להכיל תעודה אחת עד שמונה תעודות בפורמט PEM
violation-certificate_name = תוכן השדה "{ $field }" חייב להיות מונפק עבור הדומיין
violation-certificate_expired = תוקף התוכן של השדה "{ $field }" לא יכול להיות פג
violation-private_key_format = השדה "{ $field }" חייב להיות מפתח פרטי בפורמט PEM
violation-private_key_mismatch = השדה "{ $field }" חייב להיות המפתח הפרטי של התעודה
violation-account_not_member = המשתמש אינו חבר בחשבון זה
violation-keep_sessions = ערך השדה "{ $field }" חייב להיות all, ‏none או מזהה של הפעלה
violation-cannot_change = לא ניתן לשנות את השדה "{ $field }"
violation-not_applicable = השדה "{ $field }" אינו שייך לסוג הזמנה זה
violation-permission_not_held = המשתמש המזמין אינו רשאי להעניק הרשאות אלה
violation-token_invalid = ערך השדה "{ $field }" אינו תקין או שתוקפו פג
violation-verification_failed = האימות נכשל
violation-not_json = התוכן אינו JSON תקין
violation-not_an_object = התוכן חייב להיות אובייקט JSON
violation-unreadable_form = לא ניתן היה לפענח את הפרמטרים
violation-expand_unknown = לא ניתן להרחיב פריט זה; האפשרויות: { $allowed }
violation-sort_unknown = לא ניתן למיין לפי פריט זה; האפשרויות: { $allowed }
violation-direction_unknown = הכיוון חייב להיות asc או desc
violation-id_format = ערך השדה "{ $field }" אינו מזהה תקין
violation-org_closed = הארגון סגור
violation-needs_filter = נא לציין לפחות אחד מאלה: { $allowed }
violation-user_inactive = המשתמש אינו פעיל
violation-realm_inactive = המתחם אינו פעיל
violation-too_many_items =
    { $max ->
        [one] השדה "{ $field }" יכול להכיל פריט אחד לכל היותר
        [two] השדה "{ $field }" יכול להכיל שני פריטים לכל היותר
       *[other] השדה "{ $field }" יכול להכיל { $max } פריטים לכל היותר
    }
violation-in_the_past = ערך השדה "{ $field }" לא יכול להיות בעבר
violation-name_required = נדרש שם
violation-unknown = השדה "{ $field }" אינו תקין
violation-wrong_type = באחד השדות יש ערך מסוג שגוי
violation-read_only = לא ניתן לשנות את השדה "{ $field }"
violation-oauth2_only = השדה "{ $field }" מיועד ליישומים מסוג oauth2 בלבד
violation-web_app_only = השדה "{ $field }" מיועד ליישומי אינטרנט בלבד: יישומים אחרים אינם יכולים לשמור סוד
violation-web_address_format = השדה "{ $field }" חייב להיות כתובת אינטרנט מלאה כגון { "\u2066" }https://www.example.com/{ "\u2069" }
violation-password_needs_lower = הסיסמה חייבת להכיל אות קטנה
violation-password_needs_upper = הסיסמה חייבת להכיל אות גדולה
violation-password_needs_digit = הסיסמה חייבת להכיל ספרה
violation-password_needs_symbol = הסיסמה חייבת להכיל תו שאינו אות או ספרה
violation-password_too_common = קל מדי לנחש את הסיסמה
violation-password_breached = סיסמה זו מוכרת מדליפת נתונים; נא לבחור סיסמה אחרת
violation-password_too_simple = הסיסמה פשוטה מדי; מספר התווים השונים הנדרש: { $different }, מספר הסוגים הנדרש: { $kinds } (אותיות קטנות, אותיות גדולות, ספרות, אחרים)
violation-not_for_this_type = השדה "{ $field }" אינו מתאים לסוג זה
violation-url_format = השדה "{ $field }" חייב להיות כתובת מלאה כגון { "\u2066" }https://login.example.com/path{ "\u2069" }
violation-provider_inactive = דרך התחברות זו מושבתת
violation-hook_inactive = הוו כבוי: הפעל אותו תחילה
violation-not_of_provider = השדה "{ $field }" אינו שייך לספק האימות
violation-made_by_provider = אמצעי זיהוי מסוג זה נוצר רק על ידי הספק שלו
violation-nothing_to_verify = באמצעי זיהוי מסוג זה אין מה לאמת
violation-too_many_credentials =
    { $max ->
        [one] למשתמש יכול להיות אמצעי זיהוי אחד לכל היותר
        [two] למשתמש יכולים להיות שני אמצעי זיהוי לכל היותר
       *[other] למשתמש יכולים להיות { $max } אמצעי זיהוי לכל היותר
    }
violation-no_second_factor = למשתמש אין גורם אימות שני
violation-state_invalid = תוקף ההתחברות פג או שהיא החלה במקום אחר: נא להתחיל מחדש
violation-ceremony_over = תוקף הניסיון פג או שהוא החל במקום אחר: נא להתחיל מחדש
violation-verify_email_first = נא לאמת תחילה את כתובת הדוא״ל
violation-external_code = לא ניתן היה לאמת את הקוד
violation-external_token = אסימון הגישה לא התקבל
violation-external_no_email = הספק לא מסר כתובת דוא״ל
violation-email_unverified = הספק לא אימת את כתובת הדוא״ל, והיא כבר נמצאת כאן בשימוש
violation-code_invalid = הקוד אינו תקין
violation-redirect_uri_unregistered = כתובת ההפניה אינה רשומה עבור יישום זה
violation-other_hook_type = השדה "{ $field }" מיועד לווים מסוג { $type } בלבד
violation-one_event_type = וו מסוג email צריך סוג אירוע אחד בדיוק
violation-not_by_email = לא ניתן לשלוח דוא״ל עבור סוג אירוע זה
violation-locale_hash = השדה "{ $field }" חייב להיות אובייקט של טקסטים, אחד לכל שפה
violation-too_many_mails = נשלחו די הודעות לכתובת זו; נא להמתין מעט ולנסות שוב
violation-no_requests = לא ניתן לבקש כאן הזמנות
violation-signup_closed = ההרשמה סגורה
violation-not_of_invitation = השדה "{ $field }" חייב להתאים להזמנה

## שדות

field-access_token = אסימון גישה
field-access_token_minutes = משך אסימון הגישה בדקות
field-account = חשבון
field-accumulate = accumulate
field-after = after
field-alert_email = כתובת להתראות
field-algo = אלגוריתם
field-allowed_origins = מקורות מותרים
field-allowed_scopes = היקפים מותרים
field-api_endpoint = נקודת קצה של API
field-api_key = מפתח API
field-app_type = סוג היישום
field-auth_provider_id = ספק אימות
field-authorization_url = כתובת הרשאה
field-auto_grant = הענקה אוטומטית
field-available_locales = שפות זמינות
field-branding = מיתוג
field-client_app_id = יישום לקוח
field-client_app_secret = סוד יישום הלקוח
field-client_id = מזהה לקוח
field-client_secret = סוד לקוח
field-client_type = סוג לקוח
field-code = קוד
field-code_challenge = אתגר הקוד
field-code_challenge_method = שיטת אתגר הקוד
field-code_verifier = מאמת הקוד
field-color_1 = צבע
field-created_at_after = נוצר אחרי
field-credential = מפתח הגישה
field-created_at_before = נוצר לפני
field-credential_type = סוג אמצעי הזיהוי
field-ceremony = פעולה
field-rp_id = דומיין מפתחות הגישה
field-current = נוכחי
field-current_password = סיסמה נוכחית
field-cursor = סמן
field-custom = custom
field-default_locale = שפת ברירת מחדל
field-days = מספר הימים
field-delay = השהיה
field-description = תיאור
field-destination = יעד
field-direction = כיוון
field-domain = דומיין
field-domain_type = סוג הדומיין
field-email = דוא״ל
field-email_field = שדה הדוא״ל
field-email_from = כתובת השולח
field-email_from_name = שם השולח
field-email_login = כניסה בדוא״ל
field-email_pending = דוא״ל ממתין
field-email_renderers = פורמטים של דוא״ל
field-email_subjects = נושאי דוא״ל
field-email_templates = תבניות דוא״ל
field-email_to = כתובת הנמען
field-email_verification = אימות דוא״ל
field-email_verified_field = שדה הדוא״ל המאומת
field-environment = סביבה
field-event_type = סוג אירוע
field-expand = expand
field-expires_at = מועד תפוגה
field-first_name = שם פרטי
field-first_name_field = שדה השם הפרטי
field-hook_id = וו
field-hook_type = סוג הוו
field-id = מזהה
field-id_field = שדה המזהה
field-invitation = הזמנה
field-invitation_type = סוג ההזמנה
field-inviting_user_id = המשתמש המזמין
field-ip = כתובת IP
field-issuer = מנפיק
field-jwt_algo = אלגוריתם האסימון
field-jwt_minutes = משך האסימון בדקות
field-jwt_scopes = היקפי האסימון
field-keep_sessions = הפעלות לשמירה
field-key = מפתח
field-last_name = שם משפחה
field-last_name_field = שדה שם המשפחה
field-link_url = כתובת הקישור
field-list_id = רשימה
field-list_state = מצב ברשימה
field-locale = שפה
field-locales = שפות
field-loginrocket_domain = דומיין LoginRocket
field-logo = לוגו
field-logo_icon = סמל הלוגו
field-lr_features = תכונות LoginRocket
field-mailing_list_provider_id = ספק רשימות תפוצה
field-max_results = מספר תוצאות מרבי
field-min_complexity = מורכבות מזערית
field-min_length = אורך מזערי
field-name = שם
field-name_field = שדה השם
field-nonce = nonce
field-on_create = בעת יצירה
field-org_id = ארגון
field-ordered = לפי הסדר
field-org_mode = מצב ארגונים
field-org_name = שם הארגון
field-org_name_field = שדה שם הארגון
field-password = סיסמה
field-password_confirmation = אישור סיסמה
field-password_field = שדה הסיסמה
field-permission = הרשאה
field-permissions = הרשאות
field-privacy_policy = מדיניות פרטיות
field-profile_url = כתובת הפרופיל
field-provider_account = חשבון אצל הספק
field-provider_name = שם הספק
field-provider_type = סוג הספק
field-public_name = שם ציבורי
field-realm_id = מתחם
field-redirect_uri = כתובת הפניה
field-redirect_uris = כתובות הפניה
field-reference = אסמכתה
field-request = בקשה
field-required_chars = תווים נדרשים
field-resource_type = סוג המשאב
field-scopes = היקפים
field-secret = סוד
field-session = הפעלה
field-session_id = הפעלה
field-session_minutes = משך ההפעלה בדקות
field-signup = הרשמה
field-smtp_host = מארח SMTP
field-smtp_password = סיסמת SMTP
field-smtp_port = יציאת SMTP
field-smtp_user = משתמש SMTP
field-sort = מיון
field-state = מצב
field-stylesheet = גיליון סגנונות
field-subdomain = תת־דומיין
field-certificate = תעודה
field-private_key = מפתח פרטי
field-terms_of_service = תנאי שימוש
field-title = כותרת
field-token = אסימון
field-token_url = כתובת האסימונים
field-trusted = מהימן
field-use = שימוש
field-user_id = משתמש
field-username = שם משתמש
field-username_field = שדה שם המשתמש
field-valid_list_ids = רשימות
field-visibility = נראות

## Mails

mail-reset_subject = איפוס הסיסמה
mail-reset_text = מישהו ביקש לאפס את הסיסמה של החשבון שלך ב-{ $realm }. אם זה היית אתה, בחר סיסמה חדשה בתוך יום; אם לא, התעלם מהודעה זו
mail-reset_link = בחירת סיסמה חדשה
mail-login_subject = כניסה אל { $realm }
mail-login_text = מישהו ביקש להיכנס לחשבון שלך ב-{ $realm } באמצעות דוא״ל. אם זה היית אתה, המשך בתוך 15 דקות; אם לא, התעלם מהודעה זו
mail-login_link = כניסה
mail-login_code = הזן את הקוד הזה במקום שבו התחלת להיכנס, ואל תמסור אותו לאיש
mail-verify_subject = אימות כתובת הדוא״ל
mail-verify_text = נא לאשר שכתובת הדוא״ל הזו שלך, עבור החשבון שלך ב-{ $realm }. אם אין לך חשבון, התעלם מהודעה זו
mail-verify_link = אימות הכתובת
mail-invite_subject = הזמנה אל { $name }
mail-invite_text = הוזמנת להצטרף אל { $name } ב-{ $realm }
mail-invite_link = קבלת ההזמנה
mail-changed_subject = הסיסמה שלך שונתה
mail-changed_text = הסיסמה של החשבון שלך ב-{ $realm } שונתה. אם לא אתה שינית אותה, אפס אותה מיד
mail-hook_off_subject = וו רשת כובה
mail-hook_off_text = שום דבר שנשלח אל { $name } לא הגיע מזה שלושה ימים, ולכן { $realm } אינו שולח אליו עוד. תקן את התקלה, הפעל את הוו מחדש ושלח שוב את מה שהוחמץ
