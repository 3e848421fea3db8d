package graphtest

import (
	"fmt"
	"os/exec"

	"github.com/breachgraph/breachgraph/graph/local"
)

// watchScript waits until its standard input ends, which happens when the test
// binary is gone, also by a panic, a timeout or a kill. Then it ends the server
// whose folder it was given, without ceremony, and removes the folder. Ctrl-C
// is for the tests, not for the one who cleans up after them.
const watchScript = `
trap '' INT TERM HUP
cat >/dev/null
pid=$(sed -n 's/.*"pid":\([1-9][0-9]*\).*/\1/p' "$1/neo4j/server.json")
tries=0
while [ -n "$pid" ] && kill -9 "$pid" && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
rm -rf "$1"
`

// watch starts the process that cleans up dir when this one is gone.
func watch(dir string) error {
	cmd := exec.Command("sh", "-c", watchScript, "sh", dir)
	if _, err := cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start sh: %w: %w", local.ErrUnavailable, err)
	}
	// The pipe is for the system to close, at the end. Waiting keeps the garbage
	// collector from doing so before.
	go cmd.Wait()
	return nil
}
