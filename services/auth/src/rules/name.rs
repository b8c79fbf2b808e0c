//! What a user is called where no name was given.

/// The name to show for a user: first and last name, else the e-mail address (contract 3.2).
pub(crate) fn shown(first: Option<&str>, last: Option<&str>, email: &str) -> String {
    let both: Vec<&str> = [first, last].into_iter().flatten().collect();
    if both.is_empty() {
        email.to_owned()
    } else {
        both.join(" ")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_name_is_always_filled() {
        assert_eq!(super::shown(Some("Ana"), Some("Ruiz"), "a@b.c"), "Ana Ruiz");
        assert_eq!(super::shown(None, Some("Ruiz"), "a@b.c"), "Ruiz");
        assert_eq!(super::shown(None, None, "a@b.c"), "a@b.c");
    }
}
