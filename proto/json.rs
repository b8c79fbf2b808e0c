//! The house JSON: snake_case, absent is null, 64-bit integers are numbers, lenient scalars (contract 1.3 and 1.5).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// An answer of a service that does not decode, or does not encode as JSON: a defect of ours.
#[derive(Debug)]
pub struct Undecodable(pub String);

/// Turns JSON into an encoded message.
///
/// # Errors
/// When a value does not fit its field's type.
pub fn encode<T: DeserializeOwned + prost::Message>(value: serde_json::Value) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::from_value::<T>(value).map(|message| message.encode_to_vec())
}

/// Turns an encoded message into JSON.
///
/// # Errors
/// When the bytes are not such a message.
pub fn decode<T: Serialize + prost::Message + Default>(bytes: &[u8]) -> Result<Vec<u8>, Undecodable> {
    let message = T::decode(bytes).map_err(|e| Undecodable(e.to_string()))?;
    let mut out = Vec::with_capacity(bytes.len() * 2 + 256);
    serde_json::to_writer(&mut out, &message).map_err(|e| Undecodable(e.to_string()))?;
    Ok(out)
}

/// Types that may be written as text, number or boolean.
pub(crate) trait Scalar: Sized + Default {
    const WHAT: &'static str;
    fn from_text(text: &str) -> Option<Self>;
    fn from_integer(number: i64) -> Option<Self>;
    fn from_float(number: f64) -> Option<Self>;
    fn from_bool(truth: bool) -> Option<Self>;
}

macro_rules! integers {
    ($($kind:ty),*) => { $(
        impl Scalar for $kind {
            const WHAT: &'static str = "an integer";
            fn from_text(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }
            fn from_integer(number: i64) -> Option<Self> {
                number.try_into().ok()
            }
            fn from_float(number: f64) -> Option<Self> {
                // Clients write whole numbers as 5.0 too; 2^53 bounds what a double holds exactly.
                (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0)
                    .then(|| number as i64)
                    .and_then(|whole| whole.try_into().ok())
            }
            fn from_bool(_: bool) -> Option<Self> {
                None
            }
        }
    )* };
}
integers!(i32, i64, u32);

impl Scalar for f64 {
    const WHAT: &'static str = "a number";
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }
    fn from_integer(number: i64) -> Option<Self> {
        Some(number as f64)
    }
    fn from_float(number: f64) -> Option<Self> {
        Some(number)
    }
    fn from_bool(_: bool) -> Option<Self> {
        None
    }
}

impl Scalar for bool {
    const WHAT: &'static str = "a boolean";
    fn from_text(text: &str) -> Option<Self> {
        match text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
    fn from_integer(number: i64) -> Option<Self> {
        match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
    fn from_float(_: f64) -> Option<Self> {
        None
    }
    fn from_bool(truth: bool) -> Option<Self> {
        Some(truth)
    }
}

impl Scalar for String {
    const WHAT: &'static str = "a string";
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn from_integer(number: i64) -> Option<Self> {
        Some(number.to_string())
    }
    fn from_float(number: f64) -> Option<Self> {
        Some(number.to_string())
    }
    fn from_bool(truth: bool) -> Option<Self> {
        Some(truth.to_string())
    }
}

struct Lenient<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for Lenient<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match T::from_text(text) {
            Some(value) => Ok(Some(value)),
            // A form cannot say null: an empty text where a number belongs is one.
            None if text.is_empty() => Ok(None),
            None => Err(E::invalid_value(Unexpected::Str("text"), &self)),
        }
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        T::from_integer(number)
            .map(Some)
            .ok_or_else(|| E::invalid_type(Unexpected::Signed(number), &self))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => self.visit_f64(number as f64),
        }
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        T::from_float(number)
            .map(Some)
            .ok_or_else(|| E::invalid_type(Unexpected::Float(number), &self))
    }
    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        T::from_bool(truth)
            .map(Some)
            .ok_or_else(|| E::invalid_type(Unexpected::Bool(truth), &self))
    }
}

pub(crate) fn optional<'de, D: Deserializer<'de>, T: Scalar>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Lenient(PhantomData))
}

pub(crate) fn required<'de, D: Deserializer<'de>, T: Scalar>(deserializer: D) -> Result<T, D::Error> {
    Ok(optional(deserializer)?.unwrap_or_default())
}

pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A message: an object, or null for none. What is derived for messages would also take a list of the fields in their order, and so
/// let names that were never checked by name through.
pub(crate) fn message<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        object @ serde_json::Value::Object(_) => T::deserialize(object).map(Some).map_err(Error::custom),
        _ => Err(Error::custom("a message is an object")),
    }
}

/// A list of text, which may be written as one text (contract 3.4).
pub(crate) fn strings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct OneOrMany;

    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of strings")
        }
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(if text.is_empty() {
                Vec::new()
            } else {
                vec![text.to_owned()]
            })
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(item) = items.next_element::<LenientText>()? {
                all.push(item.0);
            }
            Ok(all)
        }
    }

    struct LenientText(String);

    impl<'de> Deserialize<'de> for LenientText {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            required(deserializer).map(Self)
        }
    }

    deserializer.deserialize_any(OneOrMany)
}

/// A text that holds JSON and appears as it (`google.protobuf.Struct` would turn 1 into 1.0).
pub(crate) mod raw {
    use super::*;
    use serde_json::value::RawValue;

    pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        let text = if text.is_empty() { "null" } else { text };
        let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        serde_json::Value::deserialize(deserializer).map(|value| value.to_string())
    }
}

/// Like [`raw`], where it may be absent.
pub(crate) mod raw_option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        match text {
            Some(text) => raw::serialize(text, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        Ok(Option::<serde_json::Value>::deserialize(deserializer)?.map(|value| value.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::v2::{CreateUserRequest, MembershipInput, RealmInput};

    fn realm(json: serde_json::Value) -> Result<RealmInput, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn scalars_are_lenient_but_not_careless() {
        let made = realm(serde_json::json!({"name": 5, "session_minutes": "60", "jwt_minutes": 30.0, "signup": null}))
            .unwrap();
        assert_eq!(made.name.as_deref(), Some("5"));
        assert_eq!(made.session_minutes, Some(60));
        assert_eq!(made.jwt_minutes, Some(30));
        assert_eq!(made.signup, None);
        assert!(realm(serde_json::json!({"session_minutes": "soon"})).is_err());
        assert!(realm(serde_json::json!({"session_minutes": 1.5})).is_err());
        assert!(realm(serde_json::json!({"name": {"a": 1}})).is_err());
    }

    #[test]
    fn lists_take_one_text_or_many() {
        for (json, expected) in [
            (serde_json::json!({"permissions": "a"}), vec!["a"]),
            (serde_json::json!({"permissions": ["a", 2]}), vec!["a", "2"]),
            (serde_json::json!({"permissions": null}), vec![]),
        ] {
            let made: MembershipInput = serde_json::from_value(json).unwrap();
            assert_eq!(made.permissions, expected);
        }
    }

    #[test]
    fn t_02_a_message_is_no_list_of_its_fields() {
        let made = |json| encode::<CreateUserRequest>(json).is_ok();
        assert!(made(serde_json::json!({"user": {"email": "a"}, "request": null})));
        assert!(!made(serde_json::json!({"user": ["a@b.c"]})));
        assert!(!made(serde_json::json!({"user": "a@b.c"})));
        assert!(!made(serde_json::json!({"user": {}, "request": ["10.0.0.1", "x"]})));
    }

    #[test]
    fn custom_keeps_numbers_as_written() {
        let bytes =
            encode::<CreateUserRequest>(serde_json::json!({"user": {"custom": {"n": 1, "f": 1.5, "z": [true]}}}))
                .unwrap();
        let json: serde_json::Value = serde_json::from_slice(&decode::<CreateUserRequest>(&bytes).unwrap()).unwrap();
        assert_eq!(json["user"]["custom"].to_string(), r#"{"n":1,"f":1.5,"z":[true]}"#);
    }
}
