package access

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is how much somebody may ask for: so much a second for long, and Burst
// at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// maxCounted bounds how many are counted apart.
const maxCounted = 10_000

// A limiter counts what each has asked for.
type limiter struct {
	rate Rate
	now  func() time.Time

	mu    sync.Mutex
	byKey map[string]*counted
}

type counted struct {
	*rate.Limiter
	last time.Time
}

func newLimiter(r Rate, now func() time.Time) *limiter {
	return &limiter{rate: r, now: now, byKey: map[string]*counted{}}
}

// take takes cost of what key may ask for. If that is too much it says how long
// to wait and takes nothing.
func (l *limiter) take(key string, cost int) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	c := l.byKey[key]
	if c == nil {
		l.makeRoom(now)
		c = &counted{Limiter: rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)}
		l.byKey[key] = c
	}
	c.last = now
	r := c.ReserveN(now, min(cost, l.rate.Burst))
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// makeRoom forgets those that may ask for all again, and one more if there are
// still too many.
func (l *limiter) makeRoom(now time.Time) {
	if len(l.byKey) < maxCounted {
		return
	}
	full := time.Duration(float64(l.rate.Burst) / l.rate.PerSecond * float64(time.Second))
	oldest, at := "", now
	for key, c := range l.byKey {
		if now.Sub(c.last) > full {
			delete(l.byKey, key)
			continue
		}
		if !c.last.After(at) {
			oldest, at = key, c.last
		}
	}
	if len(l.byKey) >= maxCounted {
		delete(l.byKey, oldest)
	}
}

// addressOf is whom a request without a token is counted for: an IPv4 address,
// or the network of an IPv6 one, which its owner has all of. What proxies say is
// not believed, since anybody may say it.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if a = a.Unmap(); a.Is6() {
		p, err := a.WithZone("").Prefix(64)
		if err == nil {
			return p.String()
		}
	}
	return a.String()
}
