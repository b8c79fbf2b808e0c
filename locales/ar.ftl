# العربية: كل ما يقرؤه الإنسان. المفاتيح والقيم { $value } هي نفسها في en.ftl. يأتي اسم الحقل بين علامتي اقتباس بعد كلمة
# «الحقل» فتصح الجملة مع كل اسم. ما كان لاتينيًا وينتهي بعلامة يوضع بين U+2066 و U+2069 كي لا تنتقل العلامة.
# تختار COUNT($n) صيغة العدد بحسب آخر رقمين: 103 مثل 3، و255 مثل 55.

## الأخطاء

error-invalid = البيانات المدخلة غير صالحة
error-malformed = تعذّرت قراءة الطلب
error-login_failed = فشل تسجيل الدخول
error-too_many_attempts = محاولات كثيرة جدًا لإدخال كلمة المرور؛ يُرجى الانتظار قليلًا ثم المحاولة مجددًا
error-key_missing = يلزم تقديم مفتاح API
error-key_wrong = مفتاح API غير صالح
error-permission_missing = مفتاح API لا يسمح بهذه العملية
error-session_invalid = الجلسة غير موجودة أو انتهت؛ يُرجى تسجيل الدخول من جديد
error-peer_unknown = تم رفض الوصول
error-realm_missing = لا يحدّد الطلب المجال الموجّه إليه
error-not_found = غير موجود
error-method_not_allowed = هذا العنوان لا يدعم هذا الأسلوب
error-not_acceptable = الردود متاحة بصيغة JSON فقط
error-request_timeout = استغرق وصول الطلب وقتًا طويلًا جدًا
error-reader_too_slow = لم يُقرأ الدفق لفترة طويلة جدًا؛ يُرجى استئنافه
error-conflict = الحالة الراهنة لا تسمح بذلك
error-body_too_large = الطلب كبير جدًا
error-uri_too_long = العنوان طويل جدًا
error-unsupported_media_type = يُرجى إرسال JSON أو بيانات نموذج
error-expectation_failed = لا يمكن تلبية ما يتوقعه الطلب
error-https_required = يلزم استخدام HTTPS
error-rate_limited = طلبات كثيرة جدًا؛ يُرجى الانتظار قليلًا ثم المحاولة مجددًا
error-busy = الخادم مشغول؛ يُرجى المحاولة بعد قليل
error-headers_too_large = ترويسات الطلب كبيرة جدًا
error-internal = حدث خطأ من جانبنا
error-inconsistent = حدث خطأ من جانبنا
error-unavailable = الخدمة غير متاحة مؤقتًا؛ يُرجى المحاولة بعد قليل
error-timeout = استغرق الرد وقتًا طويلًا جدًا؛ يُرجى المحاولة مجددًا
error-unknown = فشل الطلب

## ما الخطأ في الحقل

violation-required = الحقل «{ $field }» مطلوب
violation-unknown_value = يجب أن تكون قيمة الحقل «{ $field }» واحدة مما يلي: { $allowed }
violation-too_long =
    { COUNT($max) ->
        [zero] يجب ألا يحتوي الحقل «{ $field }» على أي حرف
        [one] يجب ألا يزيد الحقل «{ $field }» على حرف واحد
        [two] يجب ألا يزيد الحقل «{ $field }» على حرفين
        [few] يجب ألا يزيد الحقل «{ $field }» على { $max } أحرف
        [many] يجب ألا يزيد الحقل «{ $field }» على { $max } حرفًا
       *[other] يجب ألا يزيد الحقل «{ $field }» على { $max } حرف
    }
violation-too_short =
    { COUNT($min) ->
        [zero] يمكن أن يكون الحقل «{ $field }» بلا أحرف
        [one] يجب ألا يقل الحقل «{ $field }» عن حرف واحد
        [two] يجب ألا يقل الحقل «{ $field }» عن حرفين
        [few] يجب ألا يقل الحقل «{ $field }» عن { $min } أحرف
        [many] يجب ألا يقل الحقل «{ $field }» عن { $min } حرفًا
       *[other] يجب ألا يقل الحقل «{ $field }» عن { $min } حرف
    }
violation-not_an_email = يجب أن يكون الحقل «{ $field }» عنوان بريد إلكتروني
violation-taken = قيمة الحقل «{ $field }» مستخدمة من قبل
violation-not_unique_membership = المستخدم عضو في هذه المؤسسة من قبل
violation-invalid_characters = يحتوي الحقل «{ $field }» على أحرف غير مسموح بها
violation-not_a_number = يجب أن يكون الحقل «{ $field }» رقمًا
violation-out_of_range = يجب أن تكون قيمة الحقل «{ $field }» بين { $min } و { $max }
violation-not_found = لم يتم العثور على قيمة الحقل «{ $field }»
violation-password_too_short =
    { COUNT($min) ->
        [zero] يمكن أن تكون كلمة المرور بلا أحرف
        [one] يجب ألا تقل كلمة المرور عن حرف واحد
        [two] يجب ألا تقل كلمة المرور عن حرفين
        [few] يجب ألا تقل كلمة المرور عن { $min } أحرف
        [many] يجب ألا تقل كلمة المرور عن { $min } حرفًا
       *[other] يجب ألا تقل كلمة المرور عن { $min } حرف
    }
violation-password_too_long =
    { COUNT($max) ->
        [zero] يجب ألا تحتوي كلمة المرور على أي حرف
        [one] يجب ألا تزيد كلمة المرور على حرف واحد
        [two] يجب ألا تزيد كلمة المرور على حرفين
        [few] يجب ألا تزيد كلمة المرور على { $max } أحرف
        [many] يجب ألا تزيد كلمة المرور على { $max } حرفًا
       *[other] يجب ألا تزيد كلمة المرور على { $max } حرف
    }
violation-password_confirmation = تأكيد كلمة المرور غير مطابق
violation-current_password = كلمة المرور الحالية غير مطابقة
violation-permission_too_many =
    { COUNT($max) ->
        [zero] لا يُسمح بأي صلاحية
        [one] الحد الأقصى صلاحية واحدة
        [two] الحد الأقصى صلاحيتان
        [few] الحد الأقصى { $max } صلاحيات
        [many] الحد الأقصى { $max } صلاحية
       *[other] الحد الأقصى { $max } صلاحية
    }
violation-permission_format = لا يجوز أن تحتوي الصلاحية إلا على حروف وأرقام والرموز { "\u2066" }* : ; . _ -{ "\u2069" }
violation-reserved_permission = الصلاحيات التي تبدأ بـ { "\u2066" }ar:{ "\u2069" } محجوزة
violation-origin_format = يجب أن يحتوي الحقل «{ $field }» على أصول مثل { "\u2066" }https://app.example.com{ "\u2069" }
violation-redirect_uri_format = يجب أن يحتوي الحقل «{ $field }» على عناوين كاملة مثل { "\u2066" }https://app.example.com/start{ "\u2069" }
violation-custom_format = يجب أن يكون الحقل «{ $field }» كائنًا قيمه نصوص أو أرقام أو قيم منطقية أو قوائم منها
violation-custom_too_large =
    { COUNT($max) ->
        [zero] يجب أن يكون الحقل «{ $field }» فارغًا
        [one] يجب ألا يزيد حجم الحقل «{ $field }» على بايت واحد
        [two] يجب ألا يزيد حجم الحقل «{ $field }» على بايتين
        [few] يجب ألا يزيد حجم الحقل «{ $field }» على { $max } بايت
        [many] يجب ألا يزيد حجم الحقل «{ $field }» على { $max } بايت
       *[other] يجب ألا يزيد حجم الحقل «{ $field }» على { $max } بايت
    }
violation-locale_unknown = يجب أن يكون الحقل «{ $field }» لغة معروفة
violation-subdomain_format = لا يجوز أن يحتوي الحقل «{ $field }» إلا على حروف وأرقام وواصلات
violation-domain_format = يجب أن يكون الحقل «{ $field }» اسم مضيف
violation-certificate_format = يجب أن يحتوي الحقل «{ $field }» على شهادة واحدة إلى ثماني شهادات بصيغة PEM
violation-certificate_name = يجب أن يكون محتوى الحقل «{ $field }» صادرًا لهذا النطاق
violation-certificate_expired = يجب ألا يكون محتوى الحقل «{ $field }» منتهي الصلاحية
violation-private_key_format = يجب أن يكون الحقل «{ $field }» مفتاحًا خاصًا بصيغة PEM
violation-private_key_mismatch = يجب أن يكون الحقل «{ $field }» المفتاح الخاص بالشهادة
violation-account_not_member = المستخدم ليس عضوًا في هذا الحساب
violation-keep_sessions = يجب أن تكون قيمة الحقل «{ $field }» all أو none أو معرّف جلسة
violation-cannot_change = لا يمكن تغيير الحقل «{ $field }»
violation-not_applicable = الحقل «{ $field }» لا ينطبق على هذا النوع من الدعوات
violation-permission_not_held = لا يحق للمستخدم الداعي منح هذه الصلاحيات
violation-token_invalid = قيمة الحقل «{ $field }» غير صالحة أو منتهية الصلاحية
violation-verification_failed = فشل التحقق
violation-not_json = المحتوى ليس JSON صالحًا
violation-not_an_object = يجب أن يكون المحتوى كائن JSON
violation-unreadable_form = تعذّر فك ترميز المعاملات
violation-expand_unknown = لا يمكن توسيع هذا العنصر؛ الخيارات المتاحة: { $allowed }
violation-sort_unknown = لا يمكن الترتيب وفق ذلك؛ الخيارات المتاحة: { $allowed }
violation-direction_unknown = يجب أن يكون الاتجاه asc أو desc
violation-id_format = قيمة الحقل «{ $field }» ليست معرّفًا صالحًا
violation-org_closed = المؤسسة مغلقة
violation-needs_filter = يُرجى تحديد واحد على الأقل مما يلي: { $allowed }
violation-user_inactive = المستخدم غير نشط
violation-realm_inactive = المجال غير نشط
violation-too_many_items =
    { COUNT($max) ->
        [zero] يجب ألا يحتوي الحقل «{ $field }» على أي عنصر
        [one] يجب ألا يحتوي الحقل «{ $field }» على أكثر من عنصر واحد
        [two] يجب ألا يحتوي الحقل «{ $field }» على أكثر من عنصرين
        [few] يجب ألا يحتوي الحقل «{ $field }» على أكثر من { $max } عناصر
        [many] يجب ألا يحتوي الحقل «{ $field }» على أكثر من { $max } عنصرًا
       *[other] يجب ألا يحتوي الحقل «{ $field }» على أكثر من { $max } عنصر
    }
violation-in_the_past = يجب ألا تكون قيمة الحقل «{ $field }» في الماضي
violation-name_required = الاسم مطلوب
violation-unknown = الحقل «{ $field }» غير صالح
violation-wrong_type = يوجد حقل قيمته من نوع غير صحيح
violation-read_only = لا يمكن تغيير الحقل «{ $field }»
violation-oauth2_only = الحقل «{ $field }» مخصص للتطبيقات من نوع oauth2 فقط
violation-web_app_only = الحقل «{ $field }» مخصص لتطبيقات الويب فقط: التطبيقات الأخرى لا تستطيع حفظ السر
violation-web_address_format = يجب أن يكون الحقل «{ $field }» عنوان ويب كاملًا مثل { "\u2066" }https://www.example.com/{ "\u2069" }
violation-password_needs_lower = يجب أن تحتوي كلمة المرور على حرف صغير
violation-password_needs_upper = يجب أن تحتوي كلمة المرور على حرف كبير
violation-password_needs_digit = يجب أن تحتوي كلمة المرور على رقم
violation-password_needs_symbol = يجب أن تحتوي كلمة المرور على رمز ليس حرفًا ولا رقمًا
violation-password_too_common = كلمة المرور سهلة التخمين جدًا
violation-password_breached = كلمة المرور هذه معروفة من تسريب للبيانات؛ يُرجى اختيار كلمة أخرى
violation-password_too_simple = كلمة المرور بسيطة جدًا؛ عدد الأحرف المختلفة المطلوب: { $different }، وعدد الأنواع المطلوب: { $kinds } (حروف صغيرة، حروف كبيرة، أرقام، غير ذلك)
violation-not_for_this_type = الحقل «{ $field }» لا ينطبق على هذا النوع
violation-url_format = يجب أن يكون الحقل «{ $field }» عنوانًا كاملًا مثل { "\u2066" }https://login.example.com/path{ "\u2069" }
violation-provider_inactive = طريقة تسجيل الدخول هذه معطّلة
violation-hook_inactive = الخطّاف معطّل: فعّله أولاً
violation-not_of_provider = الحقل «{ $field }» لا يتبع مزوّد المصادقة
violation-made_by_provider = بيانات الاعتماد من هذا النوع لا ينشئها إلا مزوّدها
violation-nothing_to_verify = ليس في بيانات الاعتماد من هذا النوع ما يمكن التحقق منه
violation-too_many_credentials =
    { COUNT($max) ->
        [zero] لا يُسمح للمستخدم بأي وسيلة دخول
        [one] الحد الأقصى للمستخدم وسيلة دخول واحدة
        [two] الحد الأقصى للمستخدم وسيلتا دخول
        [few] الحد الأقصى للمستخدم { $max } وسائل دخول
        [many] الحد الأقصى للمستخدم { $max } وسيلة دخول
       *[other] الحد الأقصى للمستخدم { $max } وسيلة دخول
    }
violation-no_second_factor = ليس لدى المستخدم عامل ثانٍ
violation-state_invalid = انتهت مهلة تسجيل الدخول أو بدأ من مكان آخر: يُرجى البدء من جديد
violation-ceremony_over = انتهت مهلة هذه المحاولة أو بدأت من مكان آخر: يُرجى البدء من جديد
violation-verify_email_first = يُرجى التحقق من عنوان البريد الإلكتروني أولًا
violation-external_code = تعذّر التحقق من الرمز
violation-external_token = لم يُقبل رمز الوصول
violation-external_no_email = لم يقدّم المزوّد عنوان بريد إلكتروني
violation-email_unverified = لم يتحقق المزوّد من عنوان البريد الإلكتروني، وهو مستخدم هنا من قبل
violation-code_invalid = الرمز غير صالح
violation-redirect_uri_unregistered = عنوان إعادة التوجيه غير مسجّل لهذا التطبيق
violation-other_hook_type = الحقل «{ $field }» مخصص للخطّافات من نوع { $type } فقط
violation-one_event_type = يحتاج الخطّاف من نوع email إلى نوع حدث واحد بالضبط
violation-not_by_email = لا يمكن إرسال بريد لهذا النوع من الأحداث
violation-locale_hash = يجب أن يكون الحقل «{ $field }» كائنًا من النصوص، نص واحد لكل لغة
violation-too_many_mails = أُرسل ما يكفي من الرسائل إلى هذا العنوان؛ يُرجى الانتظار قليلًا ثم المحاولة مجددًا
violation-no_requests = لا يمكن طلب دعوات هنا
violation-signup_closed = التسجيل مغلق
violation-not_of_invitation = يجب أن يطابق الحقل «{ $field }» ما ورد في الدعوة

## الحقول

field-access_token = رمز الوصول
field-access_token_minutes = مدة رمز الوصول بالدقائق
field-account = الحساب
field-accumulate = accumulate
field-after = after
field-alert_email = عنوان التنبيه
field-algo = الخوارزمية
field-allowed_origins = الأصول المسموح بها
field-allowed_scopes = النطاقات المسموح بها
field-api_endpoint = نقطة نهاية API
field-api_key = مفتاح API
field-app_type = نوع التطبيق
field-auth_provider_id = مزوّد المصادقة
field-authorization_url = عنوان التفويض
field-auto_grant = المنح التلقائي
field-available_locales = اللغات المتاحة
field-branding = الهوية البصرية
field-client_app_id = التطبيق العميل
field-client_app_secret = سر التطبيق العميل
field-client_id = معرّف العميل
field-client_secret = سر العميل
field-client_type = نوع العميل
field-code = الرمز
field-code_challenge = تحدي الرمز
field-code_challenge_method = أسلوب تحدي الرمز
field-code_verifier = مدقّق الرمز
field-color_1 = اللون
field-created_at_after = تاريخ الإنشاء بعد
field-credential = مفتاح المرور
field-created_at_before = تاريخ الإنشاء قبل
field-credential_type = نوع بيانات الاعتماد
field-ceremony = العملية
field-rp_id = نطاق مفاتيح المرور
field-current = الحالي
field-current_password = كلمة المرور الحالية
field-cursor = المؤشر
field-custom = custom
field-default_locale = اللغة الافتراضية
field-days = عدد الأيام
field-delay = التأخير
field-description = الوصف
field-destination = الوجهة
field-direction = الاتجاه
field-domain = النطاق
field-domain_type = نوع النطاق
field-email = البريد الإلكتروني
field-email_field = حقل البريد الإلكتروني
field-email_from = عنوان المرسل
field-email_from_name = اسم المرسل
field-email_login = تسجيل الدخول بالبريد الإلكتروني
field-email_pending = البريد الإلكتروني المعلّق
field-email_renderers = صيغ البريد الإلكتروني
field-email_subjects = مواضيع البريد الإلكتروني
field-email_templates = قوالب البريد الإلكتروني
field-email_to = عنوان المستلم
field-email_verification = التحقق من البريد الإلكتروني
field-email_verified_field = حقل البريد الإلكتروني المؤكد
field-environment = البيئة
field-event_type = نوع الحدث
field-expand = expand
field-expires_at = تاريخ الانتهاء
field-first_name = الاسم الأول
field-first_name_field = حقل الاسم الأول
field-hook_id = الخطّاف
field-hook_type = نوع الخطّاف
field-id = المعرّف
field-id_field = حقل المعرّف
field-invitation = الدعوة
field-invitation_type = نوع الدعوة
field-inviting_user_id = المستخدم الداعي
field-ip = عنوان IP
field-issuer = جهة الإصدار
field-jwt_algo = خوارزمية الرمز
field-jwt_minutes = مدة الرمز بالدقائق
field-jwt_scopes = نطاقات الرمز
field-keep_sessions = الجلسات المحتفظ بها
field-key = المفتاح
field-last_name = اسم العائلة
field-last_name_field = حقل اسم العائلة
field-link_url = عنوان الرابط
field-list_id = القائمة
field-list_state = الحالة في القائمة
field-locale = اللغة
field-locales = اللغات
field-loginrocket_domain = نطاق LoginRocket
field-logo = الشعار
field-logo_icon = أيقونة الشعار
field-lr_features = ميزات LoginRocket
field-mailing_list_provider_id = مزوّد القوائم البريدية
field-max_results = الحد الأقصى للنتائج
field-min_complexity = الحد الأدنى للتعقيد
field-min_length = الحد الأدنى للطول
field-name = الاسم
field-name_field = حقل الاسم
field-nonce = nonce
field-on_create = عند الإنشاء
field-org_id = المؤسسة
field-ordered = بالترتيب
field-org_mode = وضع المؤسسات
field-org_name = اسم المؤسسة
field-org_name_field = حقل اسم المؤسسة
field-password = كلمة المرور
field-password_confirmation = تأكيد كلمة المرور
field-password_field = حقل كلمة المرور
field-permission = الصلاحية
field-permissions = الصلاحيات
field-privacy_policy = سياسة الخصوصية
field-profile_url = عنوان الملف الشخصي
field-provider_account = الحساب لدى المزوّد
field-provider_name = اسم المزوّد
field-provider_type = نوع المزوّد
field-public_name = الاسم العام
field-realm_id = المجال
field-redirect_uri = عنوان إعادة التوجيه
field-redirect_uris = عناوين إعادة التوجيه
field-reference = المرجع
field-request = الطلب
field-required_chars = الأحرف المطلوبة
field-resource_type = نوع المورد
field-scopes = النطاقات
field-secret = السر
field-session = الجلسة
field-session_id = الجلسة
field-session_minutes = مدة الجلسة بالدقائق
field-signup = التسجيل
field-smtp_host = مضيف SMTP
field-smtp_password = كلمة مرور SMTP
field-smtp_port = منفذ SMTP
field-smtp_user = مستخدم SMTP
field-sort = الترتيب
field-state = الحالة
field-stylesheet = ورقة الأنماط
field-subdomain = النطاق الفرعي
field-certificate = الشهادة
field-private_key = المفتاح الخاص
field-terms_of_service = شروط الخدمة
field-title = العنوان
field-token = الرمز المميز
field-token_url = عنوان الرموز المميزة
field-trusted = موثوق
field-use = الاستخدام
field-user_id = المستخدم
field-username = اسم المستخدم
field-username_field = حقل اسم المستخدم
field-valid_list_ids = القوائم
field-visibility = مستوى الظهور

## Mails

mail-reset_subject = إعادة تعيين كلمة المرور
mail-reset_text = طلب شخص ما إعادة تعيين كلمة مرور حسابك لدى { $realm }. إذا كنت أنت، فاختر كلمة مرور جديدة خلال يوم واحد؛ وإلا فتجاهل هذه الرسالة
mail-reset_link = اختيار كلمة مرور جديدة
mail-login_subject = تسجيل الدخول إلى { $realm }
mail-login_text = طلب شخص ما تسجيل الدخول إلى حسابك لدى { $realm } عبر البريد الإلكتروني. إذا كنت أنت، فتابع خلال 15 دقيقة؛ وإلا فتجاهل هذه الرسالة
mail-login_link = تسجيل الدخول
mail-login_code = أدخل هذا الرمز حيث بدأت تسجيل الدخول، ولا تخبر به أحدًا
mail-verify_subject = تأكيد بريدك الإلكتروني
mail-verify_text = يرجى تأكيد أن عنوان البريد الإلكتروني هذا لك، من أجل حسابك لدى { $realm }. إذا لم يكن لديك حساب، فتجاهل هذه الرسالة
mail-verify_link = تأكيد هذا العنوان
mail-invite_subject = دعوة إلى { $name }
mail-invite_text = أنت مدعو للانضمام إلى { $name } لدى { $realm }
mail-invite_link = قبول الدعوة
mail-changed_subject = تم تغيير كلمة المرور
mail-changed_text = تم تغيير كلمة مرور حسابك لدى { $realm }. إذا لم تكن أنت، فأعد تعيينها فورًا
mail-hook_off_subject = تم تعطيل خطّاف ويب
mail-hook_off_text = لم يصل أي شيء مما أُرسل إلى { $name } منذ ثلاثة أيام، لذلك لم يعد { $realm } يرسل إليه شيئًا. أصلح الخلل وفعّل الخطّاف من جديد ثم أعد إرسال ما فاته
