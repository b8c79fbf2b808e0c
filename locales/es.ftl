# Español: cada mensaje que una persona puede leer. Las mismas claves y los mismos { $valores } que en.ftl.


## Errores

error-invalid = La validación ha fallado
error-malformed = No se pudo leer la solicitud
error-login_failed = Error al iniciar sesión
error-too_many_attempts = Demasiados intentos de contraseña; espere un momento y vuelva a intentarlo
error-key_missing = Se necesita una clave de API
error-key_wrong = La clave de API no es válida
error-permission_missing = La clave de API no permite esta operación
error-session_invalid = La sesión no existe o ha terminado; inicie sesión de nuevo
error-peer_unknown = Acceso denegado
error-realm_missing = La solicitud no indica a qué realm se dirige
error-not_found = No encontrado
error-method_not_allowed = Esta dirección no admite ese método
error-not_acceptable = Solo hay respuestas en JSON
error-request_timeout = La solicitud tardó demasiado en llegar
error-reader_too_slow = El flujo no se leyó durante demasiado tiempo; vuelva a abrirlo
error-conflict = El estado actual no lo permite
error-body_too_large = La solicitud es demasiado grande
error-uri_too_long = La dirección es demasiado larga
error-unsupported_media_type = Envíe JSON o datos de formulario
error-expectation_failed = No se puede cumplir lo que espera la solicitud
error-https_required = Se requiere HTTPS
error-rate_limited = Demasiadas solicitudes; espere un momento y vuelva a intentarlo
error-busy = El servidor está ocupado; vuelva a intentarlo en breve
error-headers_too_large = Las cabeceras de la solicitud son demasiado grandes
error-internal = Se ha producido un error en el servidor
error-inconsistent = Se ha producido un error en el servidor
error-unavailable = El servicio no está disponible por el momento; vuelva a intentarlo en breve
error-timeout = La respuesta tardó demasiado; vuelva a intentarlo
error-unknown = La solicitud ha fallado

## Lo que falla en un campo

violation-required = El campo { $field } es obligatorio
violation-unknown_value = El campo { $field } debe ser uno de: { $allowed }
violation-too_long =
    { $max ->
        [one] El campo { $field } debe tener como máximo { $max } carácter
       *[other] El campo { $field } debe tener como máximo { $max } caracteres
    }
violation-too_short =
    { $min ->
        [one] El campo { $field } debe tener al menos { $min } carácter
       *[other] El campo { $field } debe tener al menos { $min } caracteres
    }
violation-not_an_email = El campo { $field } debe ser una dirección de correo electrónico
violation-taken = El valor del campo { $field } ya está en uso
violation-not_unique_membership = El usuario ya es miembro de esta organización
violation-invalid_characters = El campo { $field } contiene caracteres no permitidos
violation-not_a_number = El campo { $field } debe ser un número
violation-out_of_range = El campo { $field } debe estar entre { $min } y { $max }
violation-not_found = No se encontró el valor del campo { $field }
violation-password_too_short =
    { $min ->
        [one] La contraseña debe tener al menos { $min } carácter
       *[other] La contraseña debe tener al menos { $min } caracteres
    }
violation-password_too_long =
    { $max ->
        [one] La contraseña debe tener como máximo { $max } carácter
       *[other] La contraseña debe tener como máximo { $max } caracteres
    }
violation-password_confirmation = La confirmación de la contraseña no coincide
violation-current_password = La contraseña actual no coincide
violation-permission_too_many =
    { $max ->
        [one] Puede haber como máximo { $max } permiso
       *[other] Puede haber como máximo { $max } permisos
    }
violation-permission_format = Un permiso solo puede contener letras, dígitos y los caracteres * : ; . _ -
violation-reserved_permission = Los permisos que empiezan por ar: están reservados
violation-origin_format = El campo { $field } debe contener orígenes como https://app.example.com
violation-redirect_uri_format = El campo { $field } debe contener direcciones completas como https://app.example.com/start
violation-custom_format = El campo { $field } debe ser un hash de textos, números, booleanos o listas de ellos
violation-custom_too_large =
    { $max ->
        [one] El campo { $field } debe ocupar como máximo { $max } byte
       *[other] El campo { $field } debe ocupar como máximo { $max } bytes
    }
violation-locale_unknown = El campo { $field } debe ser un idioma conocido
violation-subdomain_format = El campo { $field } solo puede contener letras, dígitos y guiones
violation-domain_format = El campo { $field } debe ser un nombre de host
violation-certificate_format = El campo { $field } debe contener de uno a ocho certificados en PEM
violation-certificate_name = El campo { $field } debe estar emitido para el dominio
violation-certificate_expired = El campo { $field } no debe haber caducado
violation-private_key_format = El campo { $field } debe ser una clave privada en PEM
violation-private_key_mismatch = El campo { $field } debe ser la clave privada del certificado
violation-account_not_member = El usuario no es miembro de esta cuenta
violation-keep_sessions = El campo { $field } debe ser all, none o el id de una sesión
violation-cannot_change = El campo { $field } no se puede cambiar
violation-not_applicable = El campo { $field } no corresponde a este tipo de invitación
violation-permission_not_held = El usuario que invita no puede conceder estos permisos
violation-token_invalid = El valor del campo { $field } no es válido o ha caducado
violation-verification_failed = La verificación ha fallado
violation-not_json = El cuerpo no es JSON válido
violation-not_an_object = El cuerpo debe ser un objeto JSON
violation-unreadable_form = No se pudieron descodificar los parámetros
violation-expand_unknown = Esto no se puede expandir; elija entre: { $allowed }
violation-sort_unknown = No se puede ordenar por esto; elija entre: { $allowed }
violation-direction_unknown = La dirección del orden debe ser asc o desc
violation-id_format = El campo { $field } no es un id válido
violation-org_closed = La organización está cerrada
violation-needs_filter = Indique al menos uno de: { $allowed }
violation-user_inactive = El usuario no está activo
violation-realm_inactive = El realm no está activo
violation-too_many_items =
    { $max ->
        [one] El campo { $field } puede contener como máximo { $max } elemento
       *[other] El campo { $field } puede contener como máximo { $max } elementos
    }
violation-in_the_past = El campo { $field } no puede estar en el pasado
violation-name_required = El nombre es obligatorio
violation-unknown = El campo { $field } no es válido
violation-wrong_type = Un campo tiene un valor de tipo incorrecto
violation-read_only = El campo { $field } no se puede cambiar
violation-oauth2_only = El campo { $field } es solo para aplicaciones de tipo oauth2
violation-web_app_only = El campo { $field } es solo para aplicaciones web: las demás no pueden guardarlo
violation-web_address_format = El campo { $field } debe ser una dirección web completa como https://www.example.com/
violation-password_needs_lower = La contraseña debe tener una letra minúscula
violation-password_needs_upper = La contraseña debe tener una letra mayúscula
violation-password_needs_digit = La contraseña debe tener un dígito
violation-password_needs_symbol = La contraseña debe tener un carácter que no sea letra ni dígito
violation-password_too_common = La contraseña es demasiado fácil de adivinar
violation-password_breached = Esta contraseña se conoce por una filtración de datos; elija otra
violation-password_too_simple = La contraseña debe tener { $different } caracteres distintos, de { $kinds } clases: minúsculas, mayúsculas, dígitos, otros
violation-not_for_this_type = { $field } no corresponde a este tipo
violation-url_format = { $field } debe ser una dirección completa como https://login.example.com/path
violation-provider_inactive = Esta forma de iniciar sesión está desactivada
violation-hook_inactive = El hook está desactivado: actívelo primero
violation-not_of_provider = { $field } no pertenece al proveedor de autenticación
violation-made_by_provider = Una credencial de este tipo solo la crea su proveedor
violation-nothing_to_verify = Una credencial de este tipo no tiene nada que verificar
violation-too_many_credentials =
    { $max ->
        [one] Un usuario puede tener como máximo { $max } credencial
       *[other] Un usuario puede tener como máximo { $max } credenciales
    }
violation-no_second_factor = El usuario no tiene un segundo factor
violation-state_invalid = El inicio de sesión ha caducado o comenzó en otro lugar: empiece de nuevo
violation-ceremony_over = El intento ha caducado o comenzó en otro lugar: empiece de nuevo
violation-verify_email_first = Verifique primero la dirección de correo electrónico
violation-external_code = Error al validar el código
violation-external_token = No se aceptó el token de acceso
violation-external_no_email = El proveedor no indicó ninguna dirección de correo electrónico
violation-email_unverified = El proveedor no ha verificado la dirección de correo electrónico, que aquí ya está en uso
violation-code_invalid = El código no es válido
violation-redirect_uri_unregistered = La dirección de redirección no está registrada para esta aplicación
violation-other_hook_type = El campo { $field } es solo para hooks de tipo { $type }
violation-one_event_type = Un hook de tipo email necesita exactamente un tipo de evento
violation-not_by_email = No se puede enviar correo para este tipo de evento
violation-locale_hash = El campo { $field } debe ser un hash de textos, uno por idioma
violation-too_many_mails = Ya se han enviado suficientes correos a esta dirección; espere un momento y vuelva a intentarlo
violation-no_requests = Aquí no se pueden solicitar invitaciones
violation-signup_closed = El registro está cerrado
violation-not_of_invitation = El campo { $field } debe ser el de la invitación

## Campos

field-access_token = token de acceso
field-access_token_minutes = minutos del token de acceso
field-account = cuenta
field-accumulate = acumular
field-after = after
field-alert_email = dirección de alerta
field-algo = algoritmo
field-allowed_origins = orígenes permitidos
field-allowed_scopes = ámbitos permitidos
field-api_endpoint = punto de acceso de la API
field-api_key = clave de API
field-app_type = tipo de aplicación
field-auth_provider_id = proveedor de autenticación
field-authorization_url = dirección de autorización
field-auto_grant = concesión automática
field-available_locales = idiomas disponibles
field-branding = marca
field-client_app_id = aplicación cliente
field-client_app_secret = secreto de la aplicación cliente
field-client_id = id de cliente
field-client_secret = secreto de cliente
field-client_type = tipo de cliente
field-code = código
field-code_challenge = desafío del código
field-code_challenge_method = método del desafío del código
field-code_verifier = verificador del código
field-color_1 = color
field-created_at_after = fecha inicial
field-credential = llave de acceso
field-created_at_before = fecha final
field-credential_type = tipo de credencial
field-ceremony = operación
field-rp_id = dominio de las llaves de acceso
field-current = actual
field-current_password = contraseña actual
field-cursor = cursor
field-custom = custom
field-default_locale = idioma predeterminado
field-days = número de días
field-delay = retraso
field-description = descripción
field-destination = destino
field-direction = dirección
field-domain = dominio
field-domain_type = tipo de dominio
field-email = correo electrónico
field-email_field = campo de correo
field-email_from = dirección del remitente
field-email_from_name = nombre del remitente
field-email_login = inicio de sesión por correo electrónico
field-email_pending = correo electrónico pendiente
field-email_renderers = formatos de correo
field-email_subjects = asuntos de correo
field-email_templates = plantillas de correo
field-email_to = dirección del destinatario
field-email_verification = verificación del correo electrónico
field-email_verified_field = campo de correo verificado
field-environment = entorno
field-event_type = tipo de evento
field-expand = expand
field-expires_at = caducidad
field-first_name = nombre de pila
field-first_name_field = campo de nombre de pila
field-hook_id = hook
field-hook_type = tipo de hook
field-id = id
field-id_field = campo de id
field-invitation = invitación
field-invitation_type = tipo de invitación
field-inviting_user_id = usuario que invita
field-ip = dirección IP
field-issuer = emisor
field-jwt_algo = algoritmo del token
field-jwt_minutes = minutos del token
field-jwt_scopes = ámbitos del token
field-keep_sessions = sesiones que se conservan
field-key = clave
field-last_name = apellidos
field-last_name_field = campo de apellido
field-link_url = dirección del enlace
field-list_id = lista
field-list_state = estado en la lista
field-locale = idioma
field-locales = idiomas
field-loginrocket_domain = dominio de LoginRocket
field-logo = logotipo
field-logo_icon = icono del logotipo
field-lr_features = funciones de LoginRocket
field-mailing_list_provider_id = proveedor de listas de correo
field-max_results = máximo de resultados
field-min_complexity = complejidad mínima
field-min_length = longitud mínima
field-name = nombre
field-name_field = campo de nombre
field-nonce = nonce
field-on_create = al crear
field-org_id = organización
field-ordered = en orden
field-org_mode = modo de organización
field-org_name = nombre de la organización
field-org_name_field = campo de nombre de la organización
field-password = contraseña
field-password_confirmation = confirmación de la contraseña
field-password_field = campo de contraseña
field-permission = permiso
field-permissions = permisos
field-privacy_policy = política de privacidad
field-profile_url = dirección del perfil
field-provider_account = cuenta del proveedor
field-provider_name = nombre del proveedor
field-provider_type = tipo de proveedor
field-public_name = nombre público
field-realm_id = realm
field-redirect_uri = dirección de redirección
field-redirect_uris = direcciones de redirección
field-reference = referencia
field-request = solicitud
field-required_chars = caracteres obligatorios
field-resource_type = tipo de recurso
field-scopes = ámbitos
field-secret = secreto
field-session = sesión
field-session_id = sesión
field-session_minutes = minutos de la sesión
field-signup = registro
field-smtp_host = servidor SMTP
field-smtp_password = contraseña SMTP
field-smtp_port = puerto SMTP
field-smtp_user = usuario SMTP
field-sort = orden
field-state = estado
field-stylesheet = hoja de estilos
field-subdomain = subdominio
field-certificate = certificado
field-private_key = clave privada
field-terms_of_service = términos del servicio
field-title = título
field-token = token
field-token_url = dirección de tokens
field-trusted = de confianza
field-use = uso
field-user_id = usuario
field-username = nombre de usuario
field-username_field = campo de nombre de usuario
field-valid_list_ids = listas
field-visibility = visibilidad

## Mails

mail-reset_subject = Restablezca su contraseña
mail-reset_text = Alguien pidió restablecer la contraseña de su cuenta en { $realm }. Si fue usted, elija una nueva en el plazo de un día; si no, ignore este mensaje
mail-reset_link = Elegir una contraseña nueva
mail-login_subject = Inicie sesión en { $realm }
mail-login_text = Alguien pidió iniciar sesión por correo electrónico en su cuenta de { $realm }. Si fue usted, continúe en el plazo de 15 minutos; si no, ignore este mensaje
mail-login_link = Iniciar sesión
mail-login_code = Escriba este código donde empezó a iniciar sesión y no se lo diga a nadie
mail-verify_subject = Confirme su correo electrónico
mail-verify_text = Confirme que esta dirección de correo es suya, para su cuenta en { $realm }. Si no tiene ninguna, ignore este mensaje
mail-verify_link = Confirmar esta dirección
mail-invite_subject = Invitación a { $name }
mail-invite_text = Le han invitado a unirse a { $name } en { $realm }
mail-invite_link = Aceptar la invitación
mail-changed_subject = Su contraseña ha cambiado
mail-changed_text = La contraseña de su cuenta en { $realm } ha cambiado. Si no fue usted, restablézcala de inmediato
mail-hook_off_subject = Se desactivó un webhook
mail-hook_off_text = Nada de lo enviado a { $name } ha llegado en tres días, por lo que { $realm } ya no le envía nada. Corríjalo, active el hook de nuevo y repita lo que se perdió
