# Two stages: build for the target on the builder's own platform (no emulation),
# then nothing but the program.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS=linux
ARG TARGETARCH
ARG VERSION=dev
WORKDIR /src
COPY . .
# Modules are fetched as the build needs them: the whole module graph is ten times as many.
# grpcnotrace leaves out what a dependency of a dependency would serve, and 0.1 MB. What is no
# hurry, because it waits for a network or runs once, is not inlined (-l), and 1.5 MB smaller.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    unhurried="./testsuite/... ./cmd/... ./fixtures ./provider/fault ./provider/ui crypto/tls crypto/x509 go.yaml.in/... \
      golang.org/x/net/... github.com/spf13/... google.golang.org/protobuf/... google.golang.org/grpc/..." && \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -tags grpcnotrace -trimpath -buildvcs=false $(for p in $unhurried; do echo "-gcflags=$p=-l"; done) \
      -ldflags="-s -w -X main.version=$VERSION" -o /out/mockoauth ./cmd/mockoauth
# A program that does not even start never becomes an image, where it can be tried.
RUN [ -n "$TARGETARCH" ] && [ "$TARGETARCH" != "$(go env GOHOSTARCH)" ] || /out/mockoauth fixtures >/dev/null

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="mockoauth" \
      org.opencontainers.image.description="An OAuth 2.0 provider made for tests: strict, seeded, ready in milliseconds. Not for production." \
      org.opencontainers.image.source="https://github.com/mockoauth/mockoauth" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY --from=build /out/mockoauth /mockoauth
# Whom to trust when the program judges a provider by https.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532
EXPOSE 9000
HEALTHCHECK --interval=2s --timeout=3s --start-period=1s --retries=5 CMD ["/mockoauth", "healthcheck"]
ENTRYPOINT ["/mockoauth"]
