package access

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	cookieName  = "breachgraph_session"
	sessionTime = 12 * time.Hour
	// maxSessions bounds what is remembered; the oldest are forgotten.
	maxSessions = 1000
)

// sessions are the browsers that have shown a token. They are kept in memory by
// the digest of their cookie, so that a restart ends them.
type sessions struct {
	now func() time.Time

	mu   sync.Mutex
	byID map[[sha256.Size]byte]session
}

type session struct {
	token *Token
	until time.Time
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, byID: map[[sha256.Size]byte]session{}}
}

// begin remembers a browser, and returns the cookie that it is known by.
func (s *sessions) begin(t *Token, r *http.Request) *http.Cookie {
	id := rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	maps.DeleteFunc(s.byID, func(_ [sha256.Size]byte, s session) bool { return now.After(s.until) })
	if len(s.byID) >= maxSessions {
		oldest := slices.MinFunc(slices.Collect(maps.Keys(s.byID)), func(a, b [sha256.Size]byte) int {
			return cmp.Compare(s.byID[a].until.UnixNano(), s.byID[b].until.UnixNano())
		})
		delete(s.byID, oldest)
	}
	s.byID[sha256.Sum256([]byte(id))] = session{t, now.Add(sessionTime)}
	return cookie(id, int(sessionTime/time.Second), r)
}

// end forgets the browser that sent r.
func (s *sessions) end(r *http.Request) *http.Cookie {
	if c, err := r.Cookie(cookieName); err == nil {
		s.mu.Lock()
		delete(s.byID, sha256.Sum256([]byte(c.Value)))
		s.mu.Unlock()
	}
	return cookie("", -1, r)
}

// of is the token that the browser which sent r has shown, or nil.
func (s *sessions) of(r *http.Request) *Token {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.byID[sha256.Sum256([]byte(c.Value))]
	if !ok || s.now().After(found.until) {
		return nil
	}
	return found.token
}

func cookie(value string, age int, r *http.Request) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		// A proxy that ends TLS says so; whoever makes that up harms only himself.
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	}
}
