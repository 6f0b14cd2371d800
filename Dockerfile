# karat and nothing else: no shell, no package manager, no root. The suites and the lake are mounted:
#
#   docker build --tag karat .
#   docker run --rm --volume "$PWD:/work" --user "$(id -u):$(id -g)" karat check suites --docs docs
FROM rust:1.95.0-slim-bookworm@sha256:d7482085ff5b415f84dba5647ae71606650bdef00db7aeb69f4b3d170c3e4082 AS build
# Of the newest packages of the pinned release: what builds C, and is in no image that is given away.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends cmake g++ make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
ENV CARGO_PROFILE_RELEASE_STRIP=symbols
RUN cargo build --locked --release --bin karat --features databricks,duckdb,postgres

FROM gcr.io/distroless/cc-debian12:nonroot@sha256:bd2899c12b335c827750ccf2359879eab09c09b206023dcebea408947d54127c
COPY --from=build /src/target/release/karat /usr/local/bin/karat
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/karat/
# The user of the base image, by number: so Kubernetes sees that it is not root.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/karat"]
CMD ["--help"]
