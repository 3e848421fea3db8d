# breachgraph as one static binary in an otherwise empty image, run by a user
# without rights. The version comes from the checkout's tags.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/breachgraph ./cmd/breachgraph \
 && install -d -o 65532 -g 65532 /out/data

FROM scratch
# For https and for bolt+s and neo4j+s.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/breachgraph /usr/local/bin/breachgraph
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
ENTRYPOINT ["/usr/local/bin/breachgraph"]
CMD ["--help"]
