# Português do Brasil: tudo o que uma pessoa pode ler. As mesmas chaves e os mesmos { $valores } que em en.ftl. O nome de um
# campo vem entre aspas depois de "o campo": assim a frase concorda com qualquer nome.

## Erros

error-invalid = Os dados não são válidos
error-malformed = Não foi possível ler a solicitação
error-login_failed = Falha ao entrar
error-too_many_attempts = Muitas tentativas de senha; aguarde um momento e tente novamente
error-key_missing = É necessária uma chave de API
error-key_wrong = A chave de API não é válida
error-permission_missing = A chave de API não permite esta operação
error-session_invalid = A sessão não existe ou foi encerrada; entre novamente
error-peer_unknown = Acesso negado
error-realm_missing = A solicitação não informa a qual realm se destina
error-not_found = Não encontrado
error-method_not_allowed = Este endereço não aceita esse método
error-not_acceptable = Só há respostas em JSON
error-request_timeout = A solicitação demorou demais para chegar
error-reader_too_slow = O fluxo ficou muito tempo sem ser lido; retome-o, por favor
error-conflict = O estado atual não permite isso
error-body_too_large = A solicitação é grande demais
error-uri_too_long = O endereço é longo demais
error-unsupported_media_type = Envie JSON ou dados de formulário
error-expectation_failed = Não é possível atender à expectativa da solicitação
error-https_required = É necessário usar HTTPS
error-rate_limited = Muitas solicitações; aguarde um momento e tente novamente
error-busy = O servidor está ocupado; tente novamente em instantes
error-headers_too_large = Os cabeçalhos da solicitação são grandes demais
error-internal = Ocorreu um erro no servidor
error-inconsistent = Ocorreu um erro no servidor
error-unavailable = O serviço está temporariamente indisponível; tente novamente em instantes
error-timeout = A resposta demorou demais; tente novamente
error-unknown = A solicitação falhou

## O que há de errado em um campo

violation-required = O campo “{ $field }” é obrigatório
violation-unknown_value = O campo “{ $field }” deve ser um destes valores: { $allowed }
violation-too_long =
    { $max ->
        [one] O campo “{ $field }” deve ter no máximo { $max } caractere
       *[other] O campo “{ $field }” deve ter no máximo { $max } caracteres
    }
violation-too_short =
    { $min ->
        [one] O campo “{ $field }” deve ter no mínimo { $min } caractere
       *[other] O campo “{ $field }” deve ter no mínimo { $min } caracteres
    }
violation-not_an_email = O campo “{ $field }” deve ser um endereço de e-mail
violation-taken = O valor do campo “{ $field }” já está em uso
violation-not_unique_membership = O usuário já é membro desta organização
violation-invalid_characters = O campo “{ $field }” contém caracteres não permitidos
violation-not_a_number = O campo “{ $field }” deve ser um número
violation-out_of_range = O campo “{ $field }” deve estar entre { $min } e { $max }
violation-not_found = O valor do campo “{ $field }” não foi encontrado
violation-password_too_short =
    { $min ->
        [one] A senha deve ter no mínimo { $min } caractere
       *[other] A senha deve ter no mínimo { $min } caracteres
    }
violation-password_too_long =
    { $max ->
        [one] A senha deve ter no máximo { $max } caractere
       *[other] A senha deve ter no máximo { $max } caracteres
    }
violation-password_confirmation = A confirmação da senha não confere
violation-current_password = A senha atual não confere
violation-permission_too_many =
    { $max ->
        [one] Pode haver no máximo { $max } permissão
       *[other] Pode haver no máximo { $max } permissões
    }
violation-permission_format = Uma permissão só pode conter letras, dígitos e os caracteres * : ; . _ -
violation-reserved_permission = As permissões que começam com ar: são reservadas
violation-origin_format = O campo “{ $field }” deve conter origens como https://app.example.com
violation-redirect_uri_format = O campo “{ $field }” deve conter endereços completos como https://app.example.com/start
violation-custom_format = O campo “{ $field }” deve ser um hash de textos, números, booleanos ou listas deles
violation-custom_too_large =
    { $max ->
        [one] O campo “{ $field }” deve ocupar no máximo { $max } byte
       *[other] O campo “{ $field }” deve ocupar no máximo { $max } bytes
    }
violation-locale_unknown = O campo “{ $field }” deve ser um idioma conhecido
violation-subdomain_format = O campo “{ $field }” só pode conter letras, dígitos e hifens
violation-domain_format = O campo “{ $field }” deve ser um nome de host
violation-certificate_format = O campo “{ $field }” deve conter de um a oito certificados em PEM
violation-certificate_name = O conteúdo do campo “{ $field }” deve ter sido emitido para o domínio
violation-certificate_expired = O conteúdo do campo “{ $field }” não pode estar vencido
violation-private_key_format = O campo “{ $field }” deve ser uma chave privada em PEM
violation-private_key_mismatch = O campo “{ $field }” deve ser a chave privada do certificado
violation-account_not_member = O usuário não é membro desta conta
violation-keep_sessions = O campo “{ $field }” deve ser all, none ou o ID de uma sessão
violation-cannot_change = O campo “{ $field }” não pode ser alterado
violation-not_applicable = O campo “{ $field }” não se aplica a este tipo de convite
violation-permission_not_held = O usuário que convida não pode conceder estas permissões
violation-token_invalid = O valor do campo “{ $field }” não é válido ou expirou
violation-verification_failed = Falha na verificação
violation-not_json = O corpo não é um JSON válido
violation-not_an_object = O corpo deve ser um objeto JSON
violation-unreadable_form = Não foi possível decodificar os parâmetros
violation-expand_unknown = Não é possível expandir isso; escolha entre: { $allowed }
violation-sort_unknown = Não é possível ordenar por isso; escolha entre: { $allowed }
violation-direction_unknown = A direção deve ser asc ou desc
violation-id_format = O campo “{ $field }” não é um ID válido
violation-org_closed = A organização está fechada
violation-needs_filter = Informe pelo menos um destes: { $allowed }
violation-user_inactive = O usuário não está ativo
violation-realm_inactive = O realm não está ativo
violation-too_many_items =
    { $max ->
        [one] O campo “{ $field }” pode conter no máximo { $max } item
       *[other] O campo “{ $field }” pode conter no máximo { $max } itens
    }
violation-in_the_past = O campo “{ $field }” não pode estar no passado
violation-name_required = É necessário um nome
violation-unknown = O campo “{ $field }” não é válido
violation-wrong_type = Um campo tem um valor do tipo errado
violation-read_only = O campo “{ $field }” não pode ser alterado
violation-oauth2_only = O campo “{ $field }” vale apenas para aplicativos do tipo oauth2
violation-web_app_only = O campo “{ $field }” vale apenas para aplicativos web: os demais não conseguem guardar segredo
violation-web_address_format = O campo “{ $field }” deve ser um endereço web completo como https://www.example.com/
violation-password_needs_lower = A senha deve ter uma letra minúscula
violation-password_needs_upper = A senha deve ter uma letra maiúscula
violation-password_needs_digit = A senha deve ter um dígito
violation-password_needs_symbol = A senha deve ter um caractere que não seja letra nem dígito
violation-password_too_common = A senha é fácil demais de adivinhar
violation-password_breached = Esta senha é conhecida por um vazamento de dados; escolha outra
violation-password_too_simple = A senha é simples demais; caracteres diferentes necessários: { $different }, tipos necessários: { $kinds } (minúsculas, maiúsculas, dígitos, outros)
violation-not_for_this_type = O campo “{ $field }” não se aplica a este tipo
violation-url_format = O campo “{ $field }” deve ser um endereço completo como https://login.example.com/path
violation-provider_inactive = Esta forma de entrar está desativada
violation-hook_inactive = O hook está desativado: ative-o primeiro
violation-not_of_provider = O campo “{ $field }” não pertence ao provedor de autenticação
violation-made_by_provider = Uma credencial deste tipo só é criada pelo próprio provedor
violation-nothing_to_verify = Uma credencial deste tipo não tem nada a verificar
violation-too_many_credentials =
    { $max ->
        [one] Um usuário pode ter no máximo { $max } credencial
       *[other] Um usuário pode ter no máximo { $max } credenciais
    }
violation-no_second_factor = O usuário não tem um segundo fator
violation-state_invalid = O acesso expirou ou foi iniciado em outro lugar: comece novamente
violation-ceremony_over = A tentativa expirou ou foi iniciada em outro lugar: comece novamente
violation-verify_email_first = Confirme primeiro o endereço de e-mail
violation-external_code = Não foi possível validar o código
violation-external_token = O token de acesso não foi aceito
violation-external_no_email = O provedor não informou um endereço de e-mail
violation-email_unverified = O provedor não verificou o endereço de e-mail, e ele já está em uso aqui
violation-code_invalid = O código não é válido
violation-redirect_uri_unregistered = O endereço de redirecionamento não está registrado para este aplicativo
violation-other_hook_type = O campo “{ $field }” vale apenas para hooks do tipo { $type }
violation-one_event_type = Um hook do tipo email precisa de exatamente um tipo de evento
violation-not_by_email = Não é possível enviar e-mail para este tipo de evento
violation-locale_hash = O campo “{ $field }” deve ser um hash de textos, um por idioma
violation-too_many_mails = Já foram enviados e-mails suficientes para este endereço; aguarde um momento e tente novamente
violation-no_requests = Não é possível solicitar convites aqui
violation-signup_closed = O cadastro está fechado
violation-not_of_invitation = O campo “{ $field }” deve ser o do convite

## Campos

field-access_token = Token de acesso
field-access_token_minutes = Minutos do token de acesso
field-account = Conta
field-accumulate = accumulate
field-after = after
field-alert_email = Endereço de alerta
field-algo = Algoritmo
field-allowed_origins = Origens permitidas
field-allowed_scopes = Escopos permitidos
field-api_endpoint = Endpoint da API
field-api_key = Chave de API
field-app_type = Tipo de aplicativo
field-auth_provider_id = Provedor de autenticação
field-authorization_url = Endereço de autorização
field-auto_grant = Concessão automática
field-available_locales = Idiomas disponíveis
field-branding = Identidade visual
field-client_app_id = Aplicativo cliente
field-client_app_secret = Segredo do aplicativo cliente
field-client_id = ID do cliente
field-client_secret = Segredo do cliente
field-client_type = Tipo de cliente
field-code = Código
field-code_challenge = Desafio do código
field-code_challenge_method = Método do desafio do código
field-code_verifier = Verificador do código
field-color_1 = Cor
field-created_at_after = Criado depois de
field-credential = Chave de acesso
field-created_at_before = Criado antes de
field-credential_type = Tipo de credencial
field-ceremony = Operação
field-rp_id = Domínio das chaves de acesso
field-current = Atual
field-current_password = Senha atual
field-cursor = Cursor
field-custom = custom
field-default_locale = Idioma padrão
field-days = Número de dias
field-delay = Atraso
field-description = Descrição
field-destination = Destino
field-direction = Direção
field-domain = Domínio
field-domain_type = Tipo de domínio
field-email = E-mail
field-email_field = Campo de e-mail
field-email_from = Endereço do remetente
field-email_from_name = Nome do remetente
field-email_login = Login por e-mail
field-email_pending = E-mail pendente
field-email_renderers = Formatos de e-mail
field-email_subjects = Assuntos de e-mail
field-email_templates = Modelos de e-mail
field-email_to = Endereço do destinatário
field-email_verification = Verificação de e-mail
field-email_verified_field = Campo de e-mail verificado
field-environment = Ambiente
field-event_type = Tipo de evento
field-expand = expand
field-expires_at = Validade
field-first_name = Nome
field-first_name_field = Campo do nome
field-hook_id = Hook
field-hook_type = Tipo de hook
field-id = ID
field-id_field = Campo de ID
field-invitation = Convite
field-invitation_type = Tipo de convite
field-inviting_user_id = Usuário que convida
field-ip = Endereço IP
field-issuer = Emissor
field-jwt_algo = Algoritmo do token
field-jwt_minutes = Minutos do token
field-jwt_scopes = Escopos do token
field-keep_sessions = Sessões a manter
field-key = Chave
field-last_name = Sobrenome
field-last_name_field = Campo do sobrenome
field-link_url = Endereço do link
field-list_id = Lista
field-list_state = Situação na lista
field-locale = Idioma
field-locales = Idiomas
field-loginrocket_domain = Domínio do LoginRocket
field-logo = Logotipo
field-logo_icon = Ícone do logotipo
field-lr_features = Recursos do LoginRocket
field-mailing_list_provider_id = Provedor de listas de e-mail
field-max_results = Máximo de resultados
field-min_complexity = Complexidade mínima
field-min_length = Comprimento mínimo
field-name = Nome
field-name_field = Campo do nome
field-nonce = Nonce
field-on_create = Ao criar
field-org_id = Organização
field-ordered = Em ordem
field-org_mode = Modo de organização
field-org_name = Nome da organização
field-org_name_field = Campo do nome da organização
field-password = Senha
field-password_confirmation = Confirmação da senha
field-password_field = Campo de senha
field-permission = Permissão
field-permissions = Permissões
field-privacy_policy = Política de privacidade
field-profile_url = Endereço do perfil
field-provider_account = Conta no provedor
field-provider_name = Nome do provedor
field-provider_type = Tipo de provedor
field-public_name = Nome público
field-realm_id = Realm
field-redirect_uri = Endereço de redirecionamento
field-redirect_uris = Endereços de redirecionamento
field-reference = Referência
field-request = Solicitação
field-required_chars = Caracteres obrigatórios
field-resource_type = Tipo de recurso
field-scopes = Escopos
field-secret = Segredo
field-session = Sessão
field-session_id = Sessão
field-session_minutes = Minutos da sessão
field-signup = Cadastro
field-smtp_host = Servidor SMTP
field-smtp_password = Senha SMTP
field-smtp_port = Porta SMTP
field-smtp_user = Usuário SMTP
field-sort = Ordenação
field-state = Estado
field-stylesheet = Folha de estilos
field-subdomain = Subdomínio
field-certificate = Certificado
field-private_key = Chave privada
field-terms_of_service = Termos de serviço
field-title = Título
field-token = Token
field-token_url = Endereço de tokens
field-trusted = Confiável
field-use = Uso
field-user_id = Usuário
field-username = Nome de usuário
field-username_field = Campo do nome de usuário
field-valid_list_ids = Listas
field-visibility = Visibilidade

## Mails

mail-reset_subject = Redefina sua senha
mail-reset_text = Alguém pediu para redefinir a senha da sua conta em { $realm }. Se foi você, escolha uma nova em até um dia; se não foi, ignore este e-mail
mail-reset_link = Escolher uma nova senha
mail-login_subject = Entre em { $realm }
mail-login_text = Alguém pediu para entrar por e-mail na sua conta em { $realm }. Se foi você, continue em até 15 minutos; se não foi, ignore este e-mail
mail-login_link = Entrar
mail-login_code = Digite este código onde você começou a entrar e não o informe a ninguém
mail-verify_subject = Confirme seu endereço de e-mail
mail-verify_text = Confirme que este endereço de e-mail é seu, para a sua conta em { $realm }. Se você não tem uma, ignore este e-mail
mail-verify_link = Confirmar este endereço
mail-invite_subject = Convite para { $name }
mail-invite_text = Você foi convidado a participar de { $name } em { $realm }
mail-invite_link = Aceitar o convite
mail-changed_subject = Sua senha foi alterada
mail-changed_text = A senha da sua conta em { $realm } foi alterada. Se não foi você, redefina-a imediatamente
mail-hook_off_subject = Um webhook foi desativado
mail-hook_off_text = Nada do que foi enviado a { $name } chegou em três dias, por isso { $realm } não envia mais nada para lá. Corrija o problema, ative o hook novamente e reenvie o que foi perdido
