//! Tests of the house itself: who may know whom, sizes, names, translations.
