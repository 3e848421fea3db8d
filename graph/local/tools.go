package local

import (
	"context"
	"errors"
	"os/exec"
)

// Tools reports what is missing on this machine to run a local server that has
// yet to be assembled; nil where nothing is. It says which of them is there.
func Tools(ctx context.Context) (found string, err error) {
	java, javaErr := findJava(ctx)
	maven, mavenErr := findMaven()
	for _, path := range []string{java, maven} {
		if path != "" {
			found += " " + path
		}
	}
	return found, errors.Join(javaErr, mavenErr)
}

// Docker is the docker command; empty where there is none. Nothing here needs it:
// it is another way to a database.
func Docker() string {
	path, err := exec.LookPath("docker")
	if err != nil {
		return ""
	}
	return path
}
