//! Session: sessions, signing keys, tokens, JWKS.
