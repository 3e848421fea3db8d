package frontier

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// killedEnv names the file that a process of the test writes to until it is
// killed.
const killedEnv = "FRONTIER_KILLED"

// TestMain is that process, if it is told so.
func TestMain(m *testing.M) {
	if path := os.Getenv(killedEnv); path != "" {
		if err := writeForEver(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForEver says on standard output what it was told to be durable.
func writeForEver(path string) error {
	f, err := Open(path)
	if err != nil {
		return err
	}
	leased := map[string]Item{}
	for n := 0; ; n++ {
		url := fmt.Sprintf("https://kept.example/%d/%d", os.Getpid(), n)
		if _, err := f.Add(article(url)); err != nil {
			return err
		}
		fmt.Println(url)
		for range 5 {
			if err := act(f, rand.New(rand.NewPCG(uint64(n), 1)), noon, leased); err != nil {
				return err
			}
		}
	}
}

// TestKilled has the process killed again and again: what it said is there, and
// all is consistent.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frontier.db")
	r := rand.New(rand.NewPCG(5, 5))
	var said []string
	for range 5 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), killedEnv+"="+path)
		cmd.Stderr = os.Stderr
		out := must[io.ReadCloser](t)(cmd.StdoutPipe())
		check(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for n := r.IntN(30) + 1; n > 0 && lines.Scan(); n-- {
			said = append(said, lines.Text())
		}
		check(t, cmd.Process.Kill())
		cmd.Wait() // says that it was killed
		f := must[*Frontier](t)(Open(path))
		verify(t, f)
		for _, url := range said {
			lookup(t, f, url)
		}
		check(t, f.Close())
	}
	if len(said) < 5 {
		t.Errorf("only %d items were added", len(said))
	}
}
