//! JSON /v2/ to gRPC and back; cannot see a database.
