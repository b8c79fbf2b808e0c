//! Defaults, then one file, then the environment; checked; printable with secrets hidden.
