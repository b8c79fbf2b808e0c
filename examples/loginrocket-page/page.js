// An app's own pages on the LoginRocket API: no framework, no build, no library. What is shown is set as text, never as HTML.
"use strict";

const base = document.querySelector("meta[name=loginrocket]").content + "/v2/";
const $ = (id) => document.getElementById(id);
let texts = {};
let chosen = null; // the language that was chosen here; else the browser's own list decides
let pending = null; // the token of a second step, of a mail that signs in, of a reset or of an address
let invitation = null; // the token of an invitation
let session = sessionStorage.getItem("session");
let claims = {};

// ── the API ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

class Refused extends Error {}

async function call(method, path, fields = {}) {
  const url = new URL(path, base);
  const options = { method, headers: {}, credentials: "omit", signal: AbortSignal.timeout(20000) };
  if (chosen) options.headers["Accept-Language"] = chosen;
  if (method === "GET" || method === "DELETE") {
    url.search = new URLSearchParams(fields);
  } else {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(fields);
  }
  let response, answer;
  try {
    response = await fetch(url, options);
    answer = await response.json();
  } catch {
    throw new Refused(texts.no_answer);
  }
  if (response.ok) return answer;
  if (response.status === 403) {
    forget();
    throw new Refused(texts.session_over);
  }
  if (response.status === 429) throw new Refused(texts.too_many.replace("{s}", response.headers.get("Retry-After") ?? "60"));
  // What was refused is told in the caller's language.
  throw new Refused((answer.errors ?? [`${texts.failed} (${response.status})`]).join("\n"));
}

// What a login, a second step, a reset and a look at the session all answer.
function enter(answer) {
  if (answer.result === "mfa_required") {
    pending = answer.token;
    return show("code");
  }
  session = answer.session;
  sessionStorage.setItem("session", session);
  claims = answer.token ? payload(answer.token) : {};
  fillHome(answer);
  show("home");
}

// For the eyes alone. Whoever decides anything by a token checks its signature: {realm}/connect/jwks.
function payload(token) {
  const bytes = atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
}

function forget() {
  session = null;
  claims = {};
  sessionStorage.removeItem("session");
  // The next one at this screen may be somebody else.
  $("known").replaceChildren();
  $("kept").replaceChildren();
  $("passkeys").open = false;
  show("signin");
}

// ── what the forms do ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const actions = {
  signin: async (fields) => enter(await call("POST", "login", fields)),
  signup: async (fields) => {
    if (invitation) fields.invitation = invitation;
    const answer = await call("POST", "signup", fields);
    // A realm that verifies addresses first sends a mail instead.
    if (answer.result === "okay") return say(texts.mail_sent);
    enter(answer);
    say(texts.mail_sent);
  },
  code: async (fields) => enter(await call("POST", "login/verify", { token: pending, ...fields })),
  bymail: async (fields) => {
    const answer = await call("POST", "login/email", fields);
    // The code in the mail is good with this token alone. Without one the mail brings a link.
    pending = answer.token ?? null;
    if (pending) show("mailcode");
    say(texts.forgot_done);
  },
  mailcode: async (fields) => enter(await call("POST", "login/email/verify", { token: pending, ...fields })),
  maillink: async () => enter(await call("POST", "login/email/verify", { token: pending })),
  forgot: async (fields) => {
    await call("POST", "password/forgot", fields);
    say(texts.forgot_done);
  },
  reset: async (fields) => enter(await call("POST", "password/reset", { token: pending, ...fields })),
  verify: async () => {
    await call("POST", "email/verify", { token: pending });
    await start();
    say(texts.verify_done);
  },
  account: async (fields) => enter(await call("GET", "session", { session, ...fields })),
  profile: async (fields, form) => {
    // Only what was changed: the address, sent again, would ask for another mail.
    const changed = Object.entries(fields).filter(([name, value]) => value !== form.elements[name].defaultValue);
    const answer = await call("PUT", "profile", { session, account: claims.account ?? undefined, ...Object.fromEntries(changed) });
    enter(answer);
    say(texts.saved);
  },
  password: async (fields, form) => {
    await call("POST", "profile/password", { session, ...fields });
    form.reset();
    say(texts.saved);
  },
};

async function act(work, button) {
  hush();
  button.disabled = true;
  document.querySelector("main").setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) console.error(error);
    tell("error", error instanceof Refused ? error.message : texts.failed);
  } finally {
    button.disabled = false;
    document.querySelector("main").removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const filled = [...new FormData(form)].filter(([name, value]) => value !== "" || form.elements[name].defaultValue !== "");
  act(() => actions[form.dataset.do](Object.fromEntries(filled), form), form.querySelector("button"));
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-show]");
  if (!target) return;
  hush();
  show(target.dataset.show);
});

$("signout").addEventListener("click", (event) => act(async () => {
  await call("DELETE", "session", { session });
  forget();
  say(texts.signed_out);
}, event.target));

// ── passkeys: whoever signs in with one has shown finger, face or PIN, so there is no second step ─────────────────────────────────────

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const place of document.querySelectorAll(".passkeys")) place.hidden = false;
}

// What the browser asks a person for, who may well say no.
async function shown(asked) {
  try {
    return (await asked).toJSON();
  } catch {
    throw new Refused(texts.passkey_failed);
  }
}

actions.passkey = async (fields, form) => {
  const { ceremony, options } = await call("POST", "passkeys/register/start", { session });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await shown(navigator.credentials.create({ publicKey }));
  await call("POST", "passkeys/register/finish", { session, ceremony, credential, ...fields });
  form.reset();
  await listPasskeys();
  say(texts.saved);
};

$("with-passkey").addEventListener("click", (event) => act(async () => {
  const { ceremony, options } = await call("POST", "login/passkey/start");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await shown(navigator.credentials.get({ publicKey }));
  enter(await call("POST", "login/passkey/finish", { ceremony, credential }));
}, event.target));

async function listPasskeys() {
  const { collection } = await call("GET", "passkeys", { session });
  $("kept").replaceChildren(...collection.map((passkey) => {
    const row = part("li", "");
    const remove = part("button", texts.remove);
    remove.type = "button";
    remove.className = "link";
    remove.setAttribute("aria-label", `${texts.remove}: ${passkey.name ?? passkey.id}`);
    remove.addEventListener("click", () => act(async () => {
      await call("DELETE", `passkeys/${encodeURIComponent(passkey.id)}`, { session });
      await listPasskeys();
    }, remove));
    row.append(part("span", passkey.name ?? passkey.id), remove);
    return row;
  }));
}

$("passkeys").addEventListener("toggle", (event) => {
  if (event.target.open) act(listPasskeys, event.target.querySelector("form button"));
});

// ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function show(id) {
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== id;
  for (const secret of document.querySelectorAll("input[type=password], input[name=code]")) secret.value = "";
  // Who cannot see the page hears where they are now.
  $(id).querySelector("h1").focus();
}

function fillHome(answer) {
  const org = (claims.orgs ?? []).find((org) => org.selected);
  const rows = [
    [texts.name, claims.name],
    [texts.email, claims.email && `${claims.email} (${claims.email_verified ? texts.verified : texts.unverified})`],
    [texts.account, answer.account && `${org?.name ?? ""} (${answer.account})`],
    [texts.until, claims.exp && new Date(claims.exp * 1000).toLocaleString(document.documentElement.lang)],
    // The session is a secret, like a password: enough of it to tell two apart.
    [texts.session, answer.session && `${answer.session.slice(0, 12)}…`],
  ];
  $("facts").replaceChildren(...rows.filter(([, value]) => value).flatMap(([name, value]) => [part("dt", name), part("dd", value)]));
  const conditions = (answer.conditions ?? []).map((condition) => part("li", texts[condition] ?? condition));
  $("conditions").replaceChildren(...conditions);
  $("conditions").hidden = conditions.length === 0;
  $("accounts").open = (answer.conditions ?? []).includes("no_account_selected");
  $("profile").open = (answer.conditions ?? []).includes("must_complete_profile");
  claims.account = answer.account;
  for (const account of answer.accounts ?? []) remember(account.id, account.name);
  remember(answer.account, org?.name);
  const form = document.querySelector("[data-do=profile]");
  const known = { email: claims.email, first_name: claims.given_name, last_name: claims.family_name, username: claims.preferred_username };
  for (const [name, value] of Object.entries(known)) form.elements[name].defaultValue = value ?? "";
  form.reset();
  $("whose").value = claims.email ?? ""; // for password managers
}

// Who may choose is told between what; later on those seen before are offered.
function remember(id, name) {
  const list = $("known");
  if (!id || [...list.options].some((option) => option.value === id)) return;
  const option = part("option", name ?? id);
  option.value = id;
  list.append(option);
}

function part(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = "auto";
  return element;
}

function tell(id, text) {
  $(id).textContent = text;
  $(id).hidden = false;
}
const say = (text) => tell("status", text);
function hush() {
  for (const id of ["error", "status"]) $(id).hidden = true;
}

// ── languages ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const languages = {
  en: {
    of: "English", app: "Example app", language: "Language", signin: "Sign in", signup: "Create an account", email: "E-mail address",
    password: "Password", new_password: "New password", first_name: "First name", last_name: "Last name", username: "Username",
    org_name: "Organisation", code_title: "Second step", code: "Code from your app, or a recovery code", go_on: "Continue",
    forgot: "Forgot your password?", forgot_do: "Send me a mail", forgot_done: "If this address has an account, a mail is on its way.",
    reset: "Choose a new password", save: "Save", saved: "Saved.", verify: "Confirm your address", verify_done: "Your address is confirmed.",
    home: "You are signed in", name: "Name", account: "Account", until: "Signed in until", session: "Session", verified: "confirmed",
    unverified: "not confirmed yet", signout: "Sign out", signed_out: "You are signed out.", accounts: "Switch account",
    account_id: "Account id", switch: "Switch", profile: "Profile", change: "Change password",
    mail_sent: "We have sent you a mail: use its link to confirm your address.", no_answer: "No answer. Check your connection and try again.",
    session_over: "You are not signed in any more.", too_many: "Too many tries. Wait {s} seconds.", failed: "That did not work.",
    no_account_selected: "Choose the account that you want to use.", must_complete_profile: "Complete your profile to go on.",
    must_verify_email: "Confirm your address to go on: the mail is on its way.",
    remove: "Remove", passkey_name: "Name of the passkey", passkeys: "Passkeys", passkey_add: "Add a passkey", passkey_signin: "Sign in with a passkey", passkey_failed: "The passkey was not used.",
    by_mail: "Sign in by mail", mail_code: "Code from the mail", mail_again: "Send another mail",
  },
  de: {
    of: "Deutsch", app: "Beispiel-App", language: "Sprache", signin: "Anmelden", signup: "Konto anlegen", email: "E-Mail-Adresse",
    password: "Passwort", new_password: "Neues Passwort", first_name: "Vorname", last_name: "Nachname", username: "Benutzername",
    org_name: "Organisation", code_title: "Zweiter Schritt", code: "Code aus der App oder ein Wiederherstellungscode", go_on: "Weiter",
    forgot: "Passwort vergessen?", forgot_do: "E-Mail schicken", forgot_done: "Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail unterwegs.",
    reset: "Neues Passwort wählen", save: "Speichern", saved: "Gespeichert.", verify: "Adresse bestätigen", verify_done: "Ihre Adresse ist bestätigt.",
    home: "Sie sind angemeldet", name: "Name", account: "Konto", until: "Angemeldet bis", session: "Sitzung", verified: "bestätigt",
    unverified: "noch nicht bestätigt", signout: "Abmelden", signed_out: "Sie sind abgemeldet.", accounts: "Konto wechseln",
    account_id: "Kennung des Kontos", switch: "Wechseln", profile: "Profil", change: "Passwort ändern",
    mail_sent: "Wir haben Ihnen eine E-Mail geschickt: Bestätigen Sie Ihre Adresse mit dem Link darin.", no_answer: "Keine Antwort. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
    session_over: "Sie sind nicht mehr angemeldet.", too_many: "Zu viele Versuche. Warten Sie {s} Sekunden.", failed: "Das hat nicht geklappt.",
    no_account_selected: "Wählen Sie das Konto, das Sie benutzen möchten.", must_complete_profile: "Vervollständigen Sie Ihr Profil, um fortzufahren.",
    must_verify_email: "Bestätigen Sie Ihre Adresse, um fortzufahren: Die E-Mail ist unterwegs.",
    remove: "Entfernen", passkey_name: "Name des Passkeys", passkeys: "Passkeys", passkey_add: "Passkey hinzufügen", passkey_signin: "Mit Passkey anmelden", passkey_failed: "Der Passkey wurde nicht benutzt.",
    by_mail: "Per E-Mail anmelden", mail_code: "Code aus der E-Mail", mail_again: "Noch eine E-Mail schicken",
  },
  es: {
    of: "Español", app: "Aplicación de ejemplo", language: "Idioma", signin: "Iniciar sesión", signup: "Crear una cuenta", email: "Correo electrónico",
    password: "Contraseña", new_password: "Contraseña nueva", first_name: "Nombre", last_name: "Apellidos", username: "Nombre de usuario",
    org_name: "Organización", code_title: "Segundo paso", code: "Código de la aplicación o de recuperación", go_on: "Continuar",
    forgot: "¿Olvidó su contraseña?", forgot_do: "Enviar el correo", forgot_done: "Si hay una cuenta con esta dirección, le llegará un correo.",
    reset: "Elija una contraseña nueva", save: "Guardar", saved: "Guardado.", verify: "Confirme su dirección", verify_done: "Su dirección está confirmada.",
    home: "Ha iniciado sesión", name: "Nombre", account: "Cuenta", until: "Sesión abierta hasta", session: "Sesión", verified: "confirmada",
    unverified: "sin confirmar", signout: "Cerrar sesión", signed_out: "Ha cerrado la sesión.", accounts: "Cambiar de cuenta",
    account_id: "Identificador de la cuenta", switch: "Cambiar", profile: "Perfil", change: "Cambiar la contraseña",
    mail_sent: "Le hemos enviado un correo: use su enlace para confirmar la dirección.", no_answer: "No hay respuesta. Compruebe la conexión e inténtelo de nuevo.",
    session_over: "Su sesión ha terminado.", too_many: "Demasiados intentos. Espere {s} segundos.", failed: "No ha funcionado.",
    no_account_selected: "Elija la cuenta que quiere usar.", must_complete_profile: "Complete su perfil para continuar.",
    must_verify_email: "Confirme su dirección para continuar: le hemos enviado un correo.",
    remove: "Quitar", passkey_name: "Nombre de la llave", passkeys: "Llaves de acceso", passkey_add: "Añadir una llave de acceso", passkey_signin: "Entrar con una llave de acceso", passkey_failed: "No se usó la llave de acceso.",
    by_mail: "Entrar por correo", mail_code: "Código del correo", mail_again: "Enviar otro correo",
  },
  ja: {
    of: "日本語", app: "サンプルアプリ", language: "言語", signin: "ログイン", signup: "アカウントを作成", email: "メールアドレス",
    password: "パスワード", new_password: "新しいパスワード", first_name: "名", last_name: "姓", username: "ユーザー名",
    org_name: "組織", code_title: "2段階認証", code: "アプリのコードまたはリカバリーコード", go_on: "続ける",
    forgot: "パスワードをお忘れですか?", forgot_do: "メールを送信", forgot_done: "このアドレスのアカウントがあれば、メールをお送りします。",
    reset: "新しいパスワードを設定", save: "保存", saved: "保存しました。", verify: "メールアドレスを確認", verify_done: "メールアドレスを確認しました。",
    home: "ログインしています", name: "名前", account: "アカウント", until: "有効期限", session: "セッション", verified: "確認済み",
    unverified: "未確認", signout: "ログアウト", signed_out: "ログアウトしました。", accounts: "アカウントを切り替え",
    account_id: "アカウントID", switch: "切り替え", profile: "プロフィール", change: "パスワードを変更",
    mail_sent: "メールをお送りしました。リンクからアドレスを確認してください。", no_answer: "応答がありません。接続を確認して、もう一度お試しください。",
    session_over: "ログインの有効期限が切れました。", too_many: "試行回数が多すぎます。{s}秒お待ちください。", failed: "うまくいきませんでした。",
    no_account_selected: "使用するアカウントを選んでください。", must_complete_profile: "続けるにはプロフィールを入力してください。",
    must_verify_email: "続けるにはメールアドレスを確認してください。メールをお送りしました。",
    remove: "削除", passkey_name: "パスキーの名前", passkeys: "パスキー", passkey_add: "パスキーを追加", passkey_signin: "パスキーでログイン", passkey_failed: "パスキーは使用されませんでした。",
    by_mail: "メールでログイン", mail_code: "メールに記載のコード", mail_again: "メールを再送信",
  },
  ar: {
    of: "العربية", app: "تطبيق تجريبي", language: "اللغة", signin: "تسجيل الدخول", signup: "إنشاء حساب", email: "البريد الإلكتروني",
    password: "كلمة المرور", new_password: "كلمة المرور الجديدة", first_name: "الاسم الأول", last_name: "اسم العائلة", username: "اسم المستخدم",
    org_name: "المؤسسة", code_title: "الخطوة الثانية", code: "رمز من التطبيق أو رمز استرداد", go_on: "متابعة",
    forgot: "هل نسيت كلمة المرور؟", forgot_do: "إرسال الرسالة", forgot_done: "إذا كان لهذا العنوان حساب، فستصلك رسالة.",
    reset: "اختر كلمة مرور جديدة", save: "حفظ", saved: "تم الحفظ.", verify: "تأكيد العنوان", verify_done: "تم تأكيد عنوانك.",
    home: "لقد سجّلت الدخول", name: "الاسم", account: "الحساب", until: "الجلسة صالحة حتى", session: "الجلسة", verified: "مؤكد",
    unverified: "غير مؤكد بعد", signout: "تسجيل الخروج", signed_out: "تم تسجيل الخروج.", accounts: "تبديل الحساب",
    account_id: "معرّف الحساب", switch: "تبديل", profile: "الملف الشخصي", change: "تغيير كلمة المرور",
    mail_sent: "أرسلنا إليك رسالة: استخدم الرابط فيها لتأكيد عنوانك.", no_answer: "لا توجد استجابة. تحقق من الاتصال وحاول مرة أخرى.",
    session_over: "انتهت جلستك.", too_many: "محاولات كثيرة جدًا. انتظر {s} ثانية.", failed: "لم ينجح ذلك.",
    no_account_selected: "اختر الحساب الذي تريد استخدامه.", must_complete_profile: "أكمل ملفك الشخصي للمتابعة.",
    must_verify_email: "أكّد عنوانك للمتابعة: أرسلنا إليك رسالة.",
    remove: "إزالة", passkey_name: "اسم مفتاح المرور", passkeys: "مفاتيح المرور", passkey_add: "إضافة مفتاح مرور", passkey_signin: "الدخول بمفتاح مرور", passkey_failed: "لم يُستخدم مفتاح المرور.",
    by_mail: "الدخول بالبريد الإلكتروني", mail_code: "الرمز من الرسالة", mail_again: "إرسال رسالة أخرى",
  },
};

function speak(language) {
  texts = languages[language];
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  document.title = texts.app;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  $("language").value = language;
}

$("language").append(...Object.entries(languages).map(([tag, { of }]) => {
  const option = part("option", of);
  option.value = tag;
  option.lang = tag;
  return option;
}));
$("language").addEventListener("change", (event) => {
  chosen = event.target.value;
  hush();
  speak(chosen);
  if (session) act(start, event.target);
});

// ── where to begin ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

// Links in mails lead here with a token under the name of what it is for; it leaves the address at once.
function fromMail() {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  pending = query.get("verify_email") ?? query.get("reset_password") ?? query.get("login");
  invitation = query.get("invitation");
  if (query.has("verify_email")) return "verify";
  if (query.has("reset_password")) return "reset";
  if (query.has("login")) return "maillink";
  return invitation ? "signup" : null;
}

async function start() {
  if (!session) return show("signin");
  enter(await call("GET", "session", { session }));
}

speak(navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag in languages) ?? "en");
const view = fromMail();
if (view) show(view);
else act(start, $("signout"));
