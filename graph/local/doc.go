// Package local runs a real Neo4j Community server as a child process, for
// people who have Java and Maven but no Neo4j and no Docker. It assembles the
// server from Maven artifacts once, keeps one database per data folder and
// leaves the server running until it is told to stop. It knows nothing of what
// is stored, speaks no Bolt, and is not meant for a server that others reach:
// every port listens on the loopback address.
//
// server.go holds Start, Find, Stop and Reset; launch.go starts the process and
// waits for it; assemble.go fetches the jars; java.go finds Java and Maven;
// config.go writes the configuration and the password; state.go remembers
// where a server listens; lock_unix.go says whether it lives.
package local
