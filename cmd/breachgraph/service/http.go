package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/access"
)

// Bounds on those who ask.
const (
	headerTime  = 5 * time.Second
	requestTime = 30 * time.Second
	maxHeader   = 16 << 10
	stopTime    = 5 * time.Second
)

// Watch answers GET /healthz (the process lives), /readyz (ready says that it can
// work) and /metrics. The first two are for whoever runs containers, so they ask
// for no token, and tell no reason where there are tokens.
func Watch(m *Metrics, ready func(context.Context) error, g *access.Guard) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /readyz", g.Open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), askTime)
		defer cancel()
		switch err := ready(ctx); {
		case err != nil && g.Asks():
			http.Error(w, "not ready; the log says why", http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, "not ready: "+err.Error(), http.StatusServiceUnavailable)
		default:
			fmt.Fprintln(w, "ready")
		}
	})))
	mux.Handle("GET /metrics", g.Page(access.Read, "", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})))
	return mux
}

// Profiles answers /debug/pprof/, for requests of this machine only; but for the
// command line, which may hold a password.
func Profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return access.OnlyHere(mux)
}

// Serve answers on l until ctx ends, and lets requests end then.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		stopped <- s.Shutdown(end)
	})
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-stopped
}
