# Français : tout ce qu’une personne peut lire, avec vouvoiement. Mêmes clés et mêmes { $valeurs } que dans en.ftl. Le nom
# d’un champ est entre guillemets après « le champ » : la phrase s’accorde ainsi quel que soit le nom.

## Erreurs

error-invalid = Les données ne sont pas valides
error-malformed = La requête n’a pas pu être lue
error-login_failed = Échec de la connexion
error-too_many_attempts = Trop de tentatives de mot de passe ; veuillez patienter un moment puis réessayer
error-key_missing = Une clé d’API est nécessaire
error-key_wrong = La clé d’API n’est pas valide
error-permission_missing = La clé d’API ne permet pas cette opération
error-session_invalid = La session est absente ou terminée ; veuillez vous reconnecter
error-peer_unknown = Accès refusé
error-realm_missing = La requête n’indique pas le realm auquel elle s’adresse
error-not_found = Introuvable
error-method_not_allowed = Cette adresse n’accepte pas cette méthode
error-not_acceptable = Seules des réponses en JSON sont disponibles
error-request_timeout = La requête a mis trop de temps à arriver
error-reader_too_slow = Le flux n’a pas été lu pendant trop longtemps ; veuillez le reprendre
error-conflict = L’état actuel ne le permet pas
error-body_too_large = La requête est trop volumineuse
error-uri_too_long = L’adresse est trop longue
error-unsupported_media_type = Envoyez du JSON ou des données de formulaire
error-expectation_failed = L’attente exprimée par la requête ne peut pas être satisfaite
error-https_required = HTTPS est requis
error-rate_limited = Trop de requêtes ; veuillez patienter un moment puis réessayer
error-busy = Le serveur est occupé ; veuillez réessayer dans un instant
error-headers_too_large = Les en-têtes de la requête sont trop volumineux
error-internal = Une erreur s’est produite de notre côté
error-inconsistent = Une erreur s’est produite de notre côté
error-unavailable = Le service est momentanément indisponible ; veuillez réessayer dans un instant
error-timeout = La réponse a pris trop de temps ; veuillez réessayer
error-unknown = La requête a échoué

## Ce qui ne va pas dans un champ

violation-required = Le champ « { $field } » est obligatoire
violation-unknown_value = Le champ « { $field } » doit avoir l’une de ces valeurs : { $allowed }
violation-too_long =
    { $max ->
        [one] Le champ « { $field } » doit contenir au maximum { $max } caractère
       *[other] Le champ « { $field } » doit contenir au maximum { $max } caractères
    }
violation-too_short =
    { $min ->
        [one] Le champ « { $field } » doit contenir au moins { $min } caractère
       *[other] Le champ « { $field } » doit contenir au moins { $min } caractères
    }
violation-not_an_email = Le champ « { $field } » doit être une adresse e-mail
violation-taken = La valeur du champ « { $field } » est déjà utilisée
violation-not_unique_membership = L’utilisateur est déjà membre de cette organisation
violation-invalid_characters = Le champ « { $field } » contient des caractères non autorisés
violation-not_a_number = Le champ « { $field } » doit être un nombre
violation-out_of_range = Le champ « { $field } » doit être compris entre { $min } et { $max }
violation-not_found = La valeur du champ « { $field } » est introuvable
violation-password_too_short =
    { $min ->
        [one] Le mot de passe doit contenir au moins { $min } caractère
       *[other] Le mot de passe doit contenir au moins { $min } caractères
    }
violation-password_too_long =
    { $max ->
        [one] Le mot de passe doit contenir au maximum { $max } caractère
       *[other] Le mot de passe doit contenir au maximum { $max } caractères
    }
violation-password_confirmation = La confirmation du mot de passe ne correspond pas
violation-current_password = Le mot de passe actuel ne correspond pas
violation-permission_too_many =
    { $max ->
        [one] Il peut y avoir au maximum { $max } autorisation
       *[other] Il peut y avoir au maximum { $max } autorisations
    }
violation-permission_format = Une autorisation ne peut contenir que des lettres, des chiffres et les caractères * : ; . _ -
violation-reserved_permission = Les autorisations qui commencent par ar: sont réservées
violation-origin_format = Le champ « { $field } » doit contenir des origines telles que https://app.example.com
violation-redirect_uri_format = Le champ « { $field } » doit contenir des adresses complètes telles que https://app.example.com/start
violation-custom_format = Le champ « { $field } » doit être un hash de textes, de nombres, de booléens ou de listes de ceux-ci
violation-custom_too_large =
    { $max ->
        [one] Le champ « { $field } » doit occuper au maximum { $max } octet
       *[other] Le champ « { $field } » doit occuper au maximum { $max } octets
    }
violation-locale_unknown = Le champ « { $field } » doit être une langue connue
violation-subdomain_format = Le champ « { $field } » ne peut contenir que des lettres, des chiffres et des traits d’union
violation-domain_format = Le champ « { $field } » doit être un nom d’hôte
violation-certificate_format = Le champ « { $field } » doit contenir un à huit certificats au format PEM
violation-certificate_name = Le contenu du champ « { $field } » doit être émis pour le domaine
violation-certificate_expired = Le contenu du champ « { $field } » ne doit pas avoir expiré
violation-private_key_format = Le champ « { $field } » doit être une clé privée au format PEM
violation-private_key_mismatch = Le champ « { $field } » doit être la clé privée du certificat
violation-account_not_member = L’utilisateur n’est pas membre de ce compte
violation-keep_sessions = Le champ « { $field } » doit être all, none ou l’identifiant d’une session
violation-cannot_change = Le champ « { $field } » ne peut pas être modifié
violation-not_applicable = Le champ « { $field } » ne s’applique pas à ce type d’invitation
violation-permission_not_held = L’utilisateur qui invite ne peut pas accorder ces autorisations
violation-token_invalid = La valeur du champ « { $field } » n’est pas valide ou a expiré
violation-verification_failed = Échec de la vérification
violation-not_json = Le corps n’est pas du JSON valide
violation-not_an_object = Le corps doit être un objet JSON
violation-unreadable_form = Les paramètres n’ont pas pu être décodés
violation-expand_unknown = Cet élément ne peut pas être développé ; choisissez parmi : { $allowed }
violation-sort_unknown = Impossible de trier selon ce critère ; choisissez parmi : { $allowed }
violation-direction_unknown = Le sens doit être asc ou desc
violation-id_format = Le champ « { $field } » n’est pas un identifiant valide
violation-org_closed = L’organisation est fermée
violation-needs_filter = Indiquez au moins l’un de ces éléments : { $allowed }
violation-user_inactive = L’utilisateur n’est pas actif
violation-realm_inactive = Le realm n’est pas actif
violation-too_many_items =
    { $max ->
        [one] Le champ « { $field } » peut contenir au maximum { $max } élément
       *[other] Le champ « { $field } » peut contenir au maximum { $max } éléments
    }
violation-in_the_past = Le champ « { $field } » ne doit pas être dans le passé
violation-name_required = Un nom est obligatoire
violation-unknown = Le champ « { $field } » n’est pas valide
violation-wrong_type = Un champ contient une valeur du mauvais type
violation-read_only = Le champ « { $field } » ne peut pas être modifié
violation-oauth2_only = Le champ « { $field } » est réservé aux applications de type oauth2
violation-web_app_only = Le champ « { $field } » est réservé aux applications web : les autres ne peuvent pas garder de secret
violation-web_address_format = Le champ « { $field } » doit être une adresse web complète telle que https://www.example.com/
violation-password_needs_lower = Le mot de passe doit contenir une lettre minuscule
violation-password_needs_upper = Le mot de passe doit contenir une lettre majuscule
violation-password_needs_digit = Le mot de passe doit contenir un chiffre
violation-password_needs_symbol = Le mot de passe doit contenir un caractère qui n’est ni une lettre ni un chiffre
violation-password_too_common = Le mot de passe est trop facile à deviner
violation-password_breached = Ce mot de passe est connu par une fuite de données ; veuillez en choisir un autre
violation-password_too_simple = Le mot de passe est trop simple ; nombre de caractères différents requis : { $different }, nombre de catégories requises : { $kinds } (minuscules, majuscules, chiffres, autres)
violation-not_for_this_type = Le champ « { $field } » ne s’applique pas à ce type
violation-url_format = Le champ « { $field } » doit être une adresse complète telle que https://login.example.com/path
violation-provider_inactive = Ce mode de connexion est désactivé
violation-hook_inactive = Le hook est désactivé : activez-le d'abord
violation-not_of_provider = Le champ « { $field } » n’appartient pas au fournisseur d’authentification
violation-made_by_provider = Les identifiants de ce type ne sont créés que par leur fournisseur
violation-nothing_to_verify = Les identifiants de ce type n’ont rien à vérifier
violation-too_many_credentials =
    { $max ->
        [one] Un utilisateur peut avoir au maximum { $max } moyen de connexion
       *[other] Un utilisateur peut avoir au maximum { $max } moyens de connexion
    }
violation-no_second_factor = L’utilisateur n’a pas de second facteur
violation-state_invalid = La connexion a expiré ou a été commencée ailleurs : veuillez recommencer
violation-ceremony_over = La tentative a expiré ou a été commencée ailleurs : veuillez recommencer
violation-verify_email_first = Veuillez d’abord confirmer l’adresse e-mail
violation-external_code = Le code n’a pas pu être vérifié
violation-external_token = Le jeton d’accès n’a pas été accepté
violation-external_no_email = Le fournisseur n’a pas communiqué d’adresse e-mail
violation-email_unverified = Le fournisseur n’a pas vérifié l’adresse e-mail, et elle est déjà utilisée ici
violation-code_invalid = Le code n’est pas valide
violation-redirect_uri_unregistered = L’adresse de redirection n’est pas enregistrée pour cette application
violation-other_hook_type = Le champ « { $field } » est réservé aux hooks de type { $type }
violation-one_event_type = Un hook de type email nécessite exactement un type d’événement
violation-not_by_email = Aucun e-mail ne peut être envoyé pour ce type d’événement
violation-locale_hash = Le champ « { $field } » doit être un hash de textes, un par langue
violation-too_many_mails = Suffisamment d’e-mails ont été envoyés à cette adresse ; veuillez patienter un moment puis réessayer
violation-no_requests = Il n’est pas possible de demander une invitation ici
violation-signup_closed = Les inscriptions sont fermées
violation-not_of_invitation = Le champ « { $field } » doit correspondre à l’invitation

## Champs

field-access_token = Jeton d’accès
field-access_token_minutes = Durée du jeton d’accès en minutes
field-account = Compte
field-accumulate = accumulate
field-after = after
field-alert_email = Adresse d'alerte
field-algo = Algorithme
field-allowed_origins = Origines autorisées
field-allowed_scopes = Portées autorisées
field-api_endpoint = Point d’accès de l’API
field-api_key = Clé d’API
field-app_type = Type d’application
field-auth_provider_id = Fournisseur d’authentification
field-authorization_url = Adresse d’autorisation
field-auto_grant = Accord automatique
field-available_locales = Langues disponibles
field-branding = Identité visuelle
field-client_app_id = Application cliente
field-client_app_secret = Secret de l’application cliente
field-client_id = Identifiant client
field-client_secret = Secret client
field-client_type = Type de client
field-code = Code
field-code_challenge = Défi du code
field-code_challenge_method = Méthode du défi du code
field-code_verifier = Vérificateur du code
field-color_1 = Couleur
field-created_at_after = Créé après
field-credential = Clé d’accès
field-created_at_before = Créé avant
field-credential_type = Type d’identifiants
field-ceremony = Opération
field-rp_id = Domaine des clés d’accès
field-current = Actuel
field-current_password = Mot de passe actuel
field-cursor = Curseur
field-custom = custom
field-default_locale = Langue par défaut
field-days = Nombre de jours
field-delay = Délai
field-description = Description
field-destination = Destination
field-direction = Sens
field-domain = Domaine
field-domain_type = Type de domaine
field-email = Adresse e-mail
field-email_field = Champ de l’adresse e-mail
field-email_from = Adresse de l’expéditeur
field-email_from_name = Nom de l’expéditeur
field-email_login = Connexion par e-mail
field-email_pending = Adresse e-mail en attente
field-email_renderers = Formats des e-mails
field-email_subjects = Objets des e-mails
field-email_templates = Modèles d’e-mails
field-email_to = Adresse du destinataire
field-email_verification = Vérification de l’adresse e-mail
field-email_verified_field = Champ de l’adresse e-mail vérifiée
field-environment = Environnement
field-event_type = Type d’événement
field-expand = expand
field-expires_at = Expiration
field-first_name = Prénom
field-first_name_field = Champ du prénom
field-hook_id = Hook
field-hook_type = Type de hook
field-id = Identifiant
field-id_field = Champ de l’identifiant
field-invitation = Invitation
field-invitation_type = Type d’invitation
field-inviting_user_id = Utilisateur qui invite
field-ip = Adresse IP
field-issuer = Émetteur
field-jwt_algo = Algorithme du jeton
field-jwt_minutes = Durée du jeton en minutes
field-jwt_scopes = Portées du jeton
field-keep_sessions = Sessions à conserver
field-key = Clé
field-last_name = Nom de famille
field-last_name_field = Champ du nom de famille
field-link_url = Adresse du lien
field-list_id = Liste
field-list_state = État dans la liste
field-locale = Langue
field-locales = Langues
field-loginrocket_domain = Domaine LoginRocket
field-logo = Logo
field-logo_icon = Icône du logo
field-lr_features = Fonctionnalités LoginRocket
field-mailing_list_provider_id = Fournisseur de listes de diffusion
field-max_results = Nombre maximal de résultats
field-min_complexity = Complexité minimale
field-min_length = Longueur minimale
field-name = Nom
field-name_field = Champ du nom
field-nonce = Nonce
field-on_create = À la création
field-org_id = Organisation
field-ordered = Dans l'ordre
field-org_mode = Mode d’organisation
field-org_name = Nom de l’organisation
field-org_name_field = Champ du nom de l’organisation
field-password = Mot de passe
field-password_confirmation = Confirmation du mot de passe
field-password_field = Champ du mot de passe
field-permission = Autorisation
field-permissions = Autorisations
field-privacy_policy = Politique de confidentialité
field-profile_url = Adresse du profil
field-provider_account = Compte chez le fournisseur
field-provider_name = Nom du fournisseur
field-provider_type = Type de fournisseur
field-public_name = Nom public
field-realm_id = Realm
field-redirect_uri = Adresse de redirection
field-redirect_uris = Adresses de redirection
field-reference = Référence
field-request = Requête
field-required_chars = Caractères requis
field-resource_type = Type de ressource
field-scopes = Portées
field-secret = Secret
field-session = Session
field-session_id = Session
field-session_minutes = Durée de la session en minutes
field-signup = Inscription
field-smtp_host = Hôte SMTP
field-smtp_password = Mot de passe SMTP
field-smtp_port = Port SMTP
field-smtp_user = Utilisateur SMTP
field-sort = Tri
field-state = État
field-stylesheet = Feuille de style
field-subdomain = Sous-domaine
field-certificate = Certificat
field-private_key = Clé privée
field-terms_of_service = Conditions d’utilisation
field-title = Titre
field-token = Jeton
field-token_url = Adresse des jetons
field-trusted = De confiance
field-use = Usage
field-user_id = Utilisateur
field-username = Nom d’utilisateur
field-username_field = Champ du nom d’utilisateur
field-valid_list_ids = Listes
field-visibility = Visibilité

## Mails

mail-reset_subject = Réinitialisez votre mot de passe
mail-reset_text = Quelqu’un a demandé la réinitialisation du mot de passe de votre compte chez { $realm }. Si c’était vous, choisissez-en un nouveau dans la journée ; sinon, ignorez cet e-mail
mail-reset_link = Choisir un nouveau mot de passe
mail-login_subject = Connectez-vous à { $realm }
mail-login_text = Quelqu’un a demandé à se connecter par e-mail à votre compte chez { $realm }. Si c’était vous, continuez dans les 15 minutes ; sinon, ignorez cet e-mail
mail-login_link = Se connecter
mail-login_code = Saisissez ce code là où vous avez commencé à vous connecter, et ne le communiquez à personne
mail-verify_subject = Confirmez votre adresse e-mail
mail-verify_text = Veuillez confirmer que cette adresse e-mail est la vôtre, pour votre compte chez { $realm }. Si vous n’en avez pas, ignorez cet e-mail
mail-verify_link = Confirmer cette adresse
mail-invite_subject = Invitation à rejoindre { $name }
mail-invite_text = Vous êtes invité à rejoindre { $name } chez { $realm }
mail-invite_link = Accepter l’invitation
mail-changed_subject = Votre mot de passe a été modifié
mail-changed_text = Le mot de passe de votre compte chez { $realm } a été modifié. Si ce n’était pas vous, réinitialisez-le immédiatement
mail-hook_off_subject = Un webhook a été désactivé
mail-hook_off_text = Rien de ce qui a été envoyé à { $name } n'est arrivé depuis trois jours ; { $realm } ne lui envoie donc plus rien. Corrigez le problème, réactivez le hook et renvoyez ce qui a été manqué
