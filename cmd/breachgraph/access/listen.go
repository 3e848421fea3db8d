package access

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// Listen opens a port. One that other machines reach is opened only where there
// are tokens to ask for.
func (g *Guard) Listen(address string) (net.Listener, error) {
	if !g.Asks() {
		return ListenHere(address)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, fmt.Errorf("listen on %q: %w; give HOST:PORT", address, err)
	}
	return net.Listen("tcp", address)
}

// ListenHere opens a port that only this machine reaches.
func ListenHere(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w; give HOST:PORT", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listen on %q: other machines would reach it; take 127.0.0.1, or give API tokens where it serves more than pprof", address)
	}
	return net.Listen("tcp", address)
}

// OnlyHere answers requests of this machine only, whatever port they come in by.
func OnlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !from.Addr().Unmap().IsLoopback() || !named(r.Host, nil) {
			WriteProblem(w, http.StatusForbidden, "only for this machine")
			return
		}
		next.ServeHTTP(w, r)
	})
}
