package local

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Username is the name that a local server knows its one user by.
const Username = "neo4j"

// settings is neo4j.conf but for the ports. The last line stops the server in
// half a second instead of ten.
const settings = `server.default_listen_address=127.0.0.1
server.https.enabled=false
dbms.usage_report.enabled=false
client.allow_telemetry=false
server.memory.pagecache.size=128m
server.directories.import=import
db.tx_log.rotation.retention_policy=2 files
db.tx_log.rotation.size=16M
db.tx_log.preallocate=false
internal.server.bolt.thread_pool_shutdown_wait_time=0s
`

// writeConfig writes home/conf/neo4j.conf. The advertised addresses say
// localhost because Neo4j Browser trusts that name and not 127.0.0.1.
func writeConfig(home string, bolt, http int) error {
	var b strings.Builder
	b.WriteString("# Written by breachgraph at each start.\n" + settings)
	for _, c := range []struct {
		name string
		port int
	}{{"bolt", bolt}, {"http", http}} {
		fmt.Fprintf(&b, "server.%s.listen_address=127.0.0.1:%d\n", c.name, c.port)
		fmt.Fprintf(&b, "server.%s.advertised_address=localhost:%d\n", c.name, c.port)
	}
	for _, dir := range []string{"conf", "import"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(home, "conf", "neo4j.conf"), []byte(b.String()), 0o600)
}

// password returns the password kept in home, making one before the first
// start. The server reads auth.ini only when its system database is new, so a
// password that is lost later cannot be replaced from here.
func password(home string) (string, error) {
	path := filepath.Join(home, "password")
	kept, err := os.ReadFile(path)
	switch {
	case err == nil && len(strings.TrimSpace(string(kept))) > 0:
		return strings.TrimSpace(string(kept)), nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", err
	case exists(filepath.Join(home, "data", "databases", "neo4j")):
		return "", fmt.Errorf("%s is missing and the database knows no other; put it back or run `breachgraph db reset`", path)
	}
	secret := rand.Text()
	if err := writeAuth(home, secret); err != nil {
		return "", err
	}
	return secret, writeFile(path, []byte(secret+"\n"))
}

// writeAuth writes the file from which a new server takes its first user.
func writeAuth(home, secret string) error {
	salt := make([]byte, 32)
	rand.Read(salt)
	dir := filepath.Join(home, "data", "dbms")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "auth.ini"), []byte(authLine(secret, salt)))
}

// authRounds is how often Neo4j hashes a password.
const authRounds = 1024

// authLine is the credential of [Username] in the form of Neo4j's auth.ini:
// SHA-256 iterated over salt and password.
func authLine(secret string, salt []byte) string {
	sum := sha256.Sum256(append(append([]byte{}, salt...), secret...))
	for range authRounds - 1 {
		sum = sha256.Sum256(sum[:])
	}
	return fmt.Sprintf("%s:SHA-256,%s,%s,%d:\n", Username, hex.EncodeToString(sum[:]), hex.EncodeToString(salt), authRounds)
}

// writeFile writes a file that only its owner may read, whole or not at all.
func writeFile(path string, b []byte) error {
	temp := path + ".part"
	if err := os.WriteFile(temp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, path)
}
