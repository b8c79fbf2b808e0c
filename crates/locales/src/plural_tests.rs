//! Numbers: each language's own forms, in messages that people really get.

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement, VariantKey};
use fluent_syntax::parser::parse;

use crate::texts::source;
use crate::{Locale, t, violation};

/// The forms of a whole number that a message of the language must have, once it chooses by a number.
fn forms(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::Ar => &["few", "many", "one", "other", "two", "zero"],
        Locale::He => &["one", "other", "two"],
        Locale::Pl => &["few", "many", "one", "other"],
        // One form for all numbers: nothing to choose.
        Locale::Ja | Locale::Ko | Locale::ZhHans | Locale::ZhHant => &[],
        _ => &["one", "other"],
    }
}

#[test]
fn a_message_that_chooses_by_a_number_has_the_forms_of_its_language() {
    for locale in Locale::ALL {
        let wanted: BTreeSet<_> = forms(*locale).iter().copied().collect();
        for entry in parse(source(*locale)).unwrap().body {
            let Entry::Message(message) = entry else { continue };
            for element in message.value.unwrap().elements {
                let PatternElement::Placeable { expression } = element else {
                    continue;
                };
                let Expression::Select { selector, variants } = expression else {
                    continue;
                };
                let name = number_of(*locale, &selector);
                let here: BTreeSet<_> = variants.iter().map(|variant| name_of(&variant.key)).collect();
                let wanted = match name {
                    "field_number" => BTreeSet::from(["plural", "singular"]),
                    _ => wanted.clone(),
                };
                assert_eq!(here, wanted, "{locale} {}", message.id.name);
            }
        }
    }
}

/// The number that a message chooses by; Arabic takes the hundreds away first.
fn number_of<'a>(locale: Locale, selector: &InlineExpression<&'a str>) -> &'a str {
    match selector {
        InlineExpression::VariableReference { id } if locale != Locale::Ar => id.name,
        InlineExpression::FunctionReference { arguments, .. } if locale == Locale::Ar => {
            number_of(Locale::En, &arguments.positional[0])
        }
        other => panic!("{locale}: {other:?}"),
    }
}

fn name_of<'a>(key: &VariantKey<&'a str>) -> &'a str {
    match key {
        VariantKey::Identifier { name } => name,
        VariantKey::NumberLiteral { value } => panic!("{value} is no form"),
    }
}

#[test]
fn numbers_choose_the_form_of_the_language() {
    for (locale, max, text) in [
        (Locale::En, "1", "There can be at most 1 permission"),
        (Locale::En, "0", "There can be at most 0 permissions"),
        (Locale::En, "21", "There can be at most 21 permissions"),
        (Locale::De, "1", "Es darf höchstens 1 Berechtigung geben"),
        (Locale::De, "2", "Es darf höchstens 2 Berechtigungen geben"),
        (Locale::Fr, "0", "Il peut y avoir au maximum 0 autorisation"),
        (Locale::Fr, "2", "Il peut y avoir au maximum 2 autorisations"),
        (Locale::PtBr, "1", "Pode haver no máximo 1 permissão"),
        (Locale::PtBr, "50", "Pode haver no máximo 50 permissões"),
        (Locale::It, "1", "È consentita al massimo 1 autorizzazione"),
        (Locale::Nl, "3", "Er mogen maximaal 3 rechten zijn"),
        (Locale::Pl, "1", "Dozwolone jest najwyżej 1 uprawnienie"),
        (Locale::Pl, "2", "Dozwolone są najwyżej 2 uprawnienia"),
        (Locale::Pl, "5", "Dozwolonych jest najwyżej 5 uprawnień"),
        (Locale::Pl, "12", "Dozwolonych jest najwyżej 12 uprawnień"),
        (Locale::Pl, "22", "Dozwolone są najwyżej 22 uprawnienia"),
        (Locale::Pl, "112", "Dozwolonych jest najwyżej 112 uprawnień"),
        (Locale::Tr, "5", "En fazla 5 izin olabilir"),
        (Locale::Ko, "1", "권한은 최대 1개까지 지정할 수 있습니다"),
        (Locale::ZhHans, "5", "最多可以有 5 项权限"),
        (Locale::ZhHant, "5", "最多可以有 5 項權限"),
        (Locale::He, "1", "מותרת הרשאה אחת לכל היותר"),
        (Locale::He, "2", "מותרות שתי הרשאות לכל היותר"),
        (Locale::He, "20", "מותרות \u{2068}20\u{2069} הרשאות לכל היותר"),
        (Locale::Ar, "0", "لا يُسمح بأي صلاحية"),
        (Locale::Ar, "1", "الحد الأقصى صلاحية واحدة"),
        (Locale::Ar, "2", "الحد الأقصى صلاحيتان"),
        (Locale::Ar, "3", "الحد الأقصى \u{2068}3\u{2069} صلاحيات"),
        (Locale::Ar, "10", "الحد الأقصى \u{2068}10\u{2069} صلاحيات"),
        (Locale::Ar, "11", "الحد الأقصى \u{2068}11\u{2069} صلاحية"),
        (Locale::Ar, "100", "الحد الأقصى \u{2068}100\u{2069} صلاحية"),
    ] {
        assert_eq!(t(locale, "violation.permission_too_many", &[("max", max)]), text);
    }
}

/// Six forms, all of them different: what is counted changes too.
#[test]
fn arabic_counts_in_six_ways() {
    let tail = |min: &str| {
        let text = t(Locale::Ar, "violation.password_too_short", &[("min", min)]);
        text.replace(min, "#")
    };
    let all: BTreeSet<_> = ["0", "1", "2", "7", "50", "200"].into_iter().map(tail).collect();
    assert_eq!(all.len(), 6);
    assert_eq!(tail("3"), tail("109"));
    assert_eq!(tail("11"), tail("199"));
    assert_eq!(tail("55"), tail("255"));
    assert_eq!(tail("100"), tail("302"));
}

/// A name in the plural, such as "redirect addresses", fits every sentence: by its number in English, and elsewhere because
/// the sentence speaks of the field.
#[test]
fn a_field_in_the_plural_fits_the_sentence() {
    for (locale, text) in [
        (Locale::En, "Redirect addresses are required"),
        (Locale::Es, "El campo direcciones de redirección es obligatorio"),
        (Locale::Ja, "リダイレクト先は必須です"),
        (Locale::De, "„Weiterleitungsadressen“ ist erforderlich"),
        (
            Locale::Fr,
            "Le champ «\u{a0}Adresses de redirection\u{a0}» est obligatoire",
        ),
        (Locale::PtBr, "O campo “Endereços de redirecionamento” é obrigatório"),
        (Locale::It, "Il campo “Indirizzi di reindirizzamento” è obbligatorio"),
        (Locale::Nl, "Het veld ‘Omleidingsadressen’ is verplicht"),
        (Locale::Pl, "Pole „Adresy przekierowania” jest wymagane"),
        (Locale::Tr, "“Yönlendirme adresleri” alanı zorunludur"),
        (Locale::Ko, "리디렉션 주소 항목은 필수입니다"),
        (Locale::ZhHans, "“重定向地址”为必填项"),
        (Locale::ZhHant, "「重新導向位址」為必填欄位"),
        (Locale::Ar, "الحقل «\u{2068}عناوين إعادة التوجيه\u{2069}» مطلوب"),
        (Locale::He, "השדה \"\u{2068}כתובות הפניה\u{2069}\" הוא שדה חובה"),
    ] {
        assert_eq!(violation(locale, "redirect_uris[0]", "required", &[]), text);
    }
}
