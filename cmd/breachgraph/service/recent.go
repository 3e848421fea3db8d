package service

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Notice is a warning or an error that was logged.
type Notice struct {
	Time  time.Time
	Level slog.Level
	Text  string // the message and what goes with it
}

const (
	maxRecent = 50
	// maxNotice bounds what is kept of one, in bytes: an error may quote a page.
	maxNotice = 600
)

// Recent keeps the last warnings and errors of a log, which it hands on. It
// implements [slog.Handler].
type Recent struct {
	next slog.Handler
	with string
	ring *ring
}

type ring struct {
	mu   sync.Mutex
	last []Notice // oldest first
}

// NewRecent returns one that hands on to next.
func NewRecent(next slog.Handler) *Recent { return &Recent{next: next, ring: &ring{}} }

// Notices returns what was kept, the latest first.
func (r *Recent) Notices() []Notice {
	r.ring.mu.Lock()
	defer r.ring.mu.Unlock()
	out := slices.Clone(r.ring.last)
	slices.Reverse(out)
	return out
}

// Enabled implements [slog.Handler].
func (r *Recent) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn || r.next.Enabled(ctx, l)
}

// Handle implements [slog.Handler].
func (r *Recent) Handle(ctx context.Context, record slog.Record) error {
	if record.Level >= slog.LevelWarn {
		text := record.Message + r.with
		record.Attrs(func(a slog.Attr) bool {
			text += noted(a)
			return true
		})
		r.ring.add(Notice{record.Time, record.Level, strings.ToValidUTF8(text[:min(len(text), maxNotice)], "")})
	}
	if !r.next.Enabled(ctx, record.Level) {
		return nil
	}
	return r.next.Handle(ctx, record)
}

func (r *ring) add(n Notice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.last) == maxRecent {
		r.last = slices.Delete(r.last, 0, 1)
	}
	r.last = append(r.last, n)
}

// WithAttrs implements [slog.Handler].
func (r *Recent) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := r.with
	for _, a := range attrs {
		with += noted(a)
	}
	return &Recent{r.next.WithAttrs(attrs), with, r.ring}
}

// WithGroup implements [slog.Handler].
func (r *Recent) WithGroup(name string) slog.Handler {
	return &Recent{r.next.WithGroup(name), r.with, r.ring}
}

func noted(a slog.Attr) string { return fmt.Sprintf(", %s %v", a.Key, a.Value) }
