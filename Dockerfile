# syntax=docker/dockerfile:1
# One image for all roles: `gantry serve --role gateway|auth|session|event`, `gantry migrate`, `gantry health`.

FROM rust:1.95-slim-bookworm AS build
# The cryptography and the embedded database are C: they need a compiler, which the image has, and make or cmake.
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The caches keep downloads and compiled dependencies between builds; the program leaves them before the layer ends.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package gantry --bin gantry \
 && install -D target/release/gantry /out/gantry

FROM debian:bookworm-slim
# Certificates: Gantry calls webhooks and upstream providers over HTTPS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin gantry \
 && install -d -o gantry -g gantry -m 0700 /var/lib/gantry
COPY --from=build /out/gantry /usr/local/bin/gantry
COPY LICENSE /usr/share/doc/gantry/LICENSE
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/gantry
VOLUME /var/lib/gantry
# Addresses stay on loopback until somebody says how what leaves the container is protected: see docker-compose.yml.
ENV GANTRY_DATA_DIR=/var/lib/gantry
EXPOSE 8080 50051
# SIGTERM, which `docker stop` sends, lets requests in flight finish.
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=5 CMD ["gantry", "health"]
ENTRYPOINT ["gantry"]
CMD ["serve"]
