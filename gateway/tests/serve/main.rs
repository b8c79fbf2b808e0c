//! The HTTP server with real sockets and real TLS clients.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod tls;
