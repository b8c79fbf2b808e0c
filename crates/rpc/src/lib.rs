//! Wire (a client that does not know whether it is local), guard, serve, health, reflection, problems as gRPC statuses.
