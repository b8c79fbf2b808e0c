//! What a caller sent of a message whose absent and empty fields differ: with `null` a field is the default again, absent it stays.

/// The keys that a caller sent; none of a gRPC caller, whose message then speaks for itself.
#[derive(Debug)]
pub struct Present(pub Vec<String>);

impl Present {
    /// Whether the caller named the field or, where callers name none, whether it holds something.
    pub fn has(&self, field: &str, filled: bool) -> bool {
        if self.0.is_empty() {
            filled
        } else {
            self.0.iter().any(|name| name == field)
        }
    }
}

/// A field of a message as it was sent: absent, null, or a value.
#[macro_export]
macro_rules! sent {
    ($present:ident, $input:ident . $field:ident) => {
        $present
            .has(stringify!($field), $input.$field.is_some())
            .then_some($input.$field)
    };
}

/// A list of a message as it was sent: absent, or its items.
#[macro_export]
macro_rules! sent_list {
    ($present:ident, $input:ident . $field:ident) => {
        $present
            .has(stringify!($field), !$input.$field.is_empty())
            .then_some($input.$field)
    };
}

#[cfg(test)]
mod tests {
    use super::Present;

    struct Input {
        name: Option<String>,
        list: Vec<String>,
    }

    fn read(present: &[&str], name: Option<&str>) -> (Option<Option<String>>, Option<Vec<String>>) {
        let present = Present(present.iter().map(ToString::to_string).collect());
        let input = Input {
            name: name.map(str::to_owned),
            list: Vec::new(),
        };
        (sent!(present, input.name), sent_list!(present, input.list))
    }

    #[test]
    fn absent_null_and_a_value_differ() {
        assert_eq!(read(&["list"], Some("x")), (None, Some(Vec::new())));
        assert_eq!(read(&["name"], None), (Some(None), None));
        assert_eq!(read(&[], Some("x")), (Some(Some("x".to_owned())), None));
        assert_eq!(read(&[], None), (None, None));
    }
}
