//! Loads locales/, negotiates a language, and finds a message.
