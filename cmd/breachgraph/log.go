package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// setLogger makes the logger that the settings ask for.
func (a *app) setLogger(w io.Writer) error {
	if a.logFormat != "text" && a.logFormat != "json" {
		return usagef("--log-format is text or json, not %q", a.logFormat)
	}
	level := slog.LevelInfo
	if a.quiet {
		level = slog.LevelError
	}
	a.log = newLogger(w, a.logFormat, level)
	return nil
}

func newLogger(w io.Writer, format string, level slog.Level) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(&lineHandler{w: w, level: level, mu: new(sync.Mutex)})
}

// A lineHandler prints messages for people: a line each, without time, level
// or quotation marks.
type lineHandler struct {
	w     io.Writer
	level slog.Level
	attrs string
	mu    *sync.Mutex
}

func (h *lineHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString("breachgraph: " + r.Message + h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, a)
		return true
	})
	b.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, b.String())
	return err
}

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	for _, a := range attrs {
		writeAttr(&b, a)
	}
	next := *h
	next.attrs += b.String()
	return &next
}

// WithGroup leaves groups out: nobody here makes any.
func (h *lineHandler) WithGroup(string) slog.Handler { return h }

func writeAttr(b *strings.Builder, a slog.Attr) {
	fmt.Fprintf(b, ", %s %v", strings.ReplaceAll(a.Key, "_", " "), a.Value)
}
