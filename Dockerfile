# Two stages: build for the target on the builder's own platform (no emulation),
# then nothing but the program.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS=linux
ARG TARGETARCH
ARG VERSION=dev
WORKDIR /src
COPY . .
# Modules are fetched as the build needs them: the whole module graph is ten times as many.
# grpcnotrace leaves out what a dependency of a dependency would serve, and 0.1 MB.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -tags grpcnotrace -trimpath -buildvcs=false -ldflags="-s -w -X main.version=$VERSION" -o /out/mockoauth ./cmd/mockoauth
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
USER 65532:65532
EXPOSE 9000
HEALTHCHECK --interval=2s --timeout=3s --start-period=1s --retries=5 CMD ["/mockoauth", "healthcheck"]
ENTRYPOINT ["/mockoauth"]
