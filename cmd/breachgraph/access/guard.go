package access

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options say whom a guard lets in. The zero value has no tokens.
type Options struct {
	Tokens []Token
	// Names are the host names that requests may be for; localhost and addresses
	// are always among them. Any other name is refused, since a page elsewhere
	// can have its own name lead here.
	Names []string
	// TokenRate holds for each token, AddressRate for each address of those
	// without one; zero means 20 a second and 100 at once, and half of that.
	TokenRate, AddressRate Rate
	Log                    *slog.Logger // nil discards
	Now                    func() time.Time
}

// A Guard puts handlers behind what the options ask for. Its methods may be
// called by several goroutines.
type Guard struct {
	tokens            []Token
	names             []string
	sessions          *sessions
	ofToken, ofOthers *limiter
	log               *slog.Logger
}

// NewGuard returns a guard.
func NewGuard(o Options) *Guard {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.TokenRate == (Rate{}) {
		o.TokenRate = Rate{20, 100}
	}
	if o.AddressRate == (Rate{}) {
		o.AddressRate = Rate{10, 50}
	}
	return &Guard{
		tokens: o.Tokens, names: o.Names, sessions: newSessions(o.Now), log: o.Log,
		ofToken: newLimiter(o.TokenRate, o.Now), ofOthers: newLimiter(o.AddressRate, o.Now),
	}
}

// Asks reports whether there are tokens, so that whoever has none is not let in.
func (g *Guard) Asks() bool { return len(g.tokens) > 0 }

// policy lets a page use what this server gives it, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Front stands before everything: it refuses requests for other names and those
// that a page of another site makes a browser send, bounds their bodies, and tells
// browsers what an answer is not to be taken for.
func (g *Guard) Front(maxBody int64, next http.Handler) http.Handler {
	same := http.NewCrossOriginProtection()
	same.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		WriteProblem(w, http.StatusForbidden, "a page of another site sent this")
	}))
	checked := same.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // none at all would take the Origin off forms
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !named(r.Host, g.names) {
			WriteProblem(w, http.StatusMisdirectedRequest, "the service is not known by that name; ask for localhost, an address, or a name of --names")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		checked.ServeHTTP(w, r)
	})
}

// named reports whether host, as a request has it, is an address, localhost or
// one of names.
func named(host string, names []string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" {
		return true
	}
	return slices.Contains(names, host)
}

type callerKey struct{}

// Caller is the token that the request of ctx was let in by, nil where nobody was
// asked for one.
func Caller(ctx context.Context) *Token {
	t, _ := ctx.Value(callerKey{}).(*Token)
	return t
}

// API lets in who shows a token with the scope as a bearer, RFC 6750. A request
// takes cost of what that token may ask for. Sessions do not count here.
func (g *Guard) API(s Scope, cost int, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := g.bearer(r)
		switch {
		case t == nil:
			g.refuse(w, r)
		case !t.Allows(s):
			w.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+string(s)+`"`)
			WriteProblem(w, http.StatusForbidden, "the token is not good for this: it lacks the scope "+string(s))
		default:
			g.serve(w, r, t, cost, next)
		}
	})
}

// refuse answers who shows no token, or none that is known.
func (g *Guard) refuse(w http.ResponseWriter, r *http.Request) {
	if wait, ok := g.ofOthers.take(addressOf(r), 1); !ok {
		tooMany(w, wait)
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="breachgraph"`)
	detail := "show a token: Authorization: Bearer TOKEN"
	if !g.Asks() {
		detail = "the service was started without tokens: set BREACHGRAPH_API_TOKENS or --api-tokens-file"
	}
	WriteProblem(w, http.StatusUnauthorized, detail)
}

func (g *Guard) serve(w http.ResponseWriter, r *http.Request, t *Token, cost int, next http.Handler) {
	if wait, ok := g.ofToken.take(t.Name, cost); !ok {
		tooMany(w, wait)
		return
	}
	next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, t)))
}

// bearer is the token of the Authorization header, or nil.
func (g *Guard) bearer(r *http.Request) *Token {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	return find(g.tokens, strings.TrimSpace(secret))
}

// Page lets in browsers that logged in with a token which has the scope, and
// bearers of such a token; everybody where there are no tokens. Others are sent to
// the page at login.
func (g *Guard) Page(s Scope, login string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := g.sessions.of(r)
		if t == nil {
			t = g.bearer(r)
		}
		switch {
		case t != nil && !t.Allows(s):
			WriteProblem(w, http.StatusForbidden, "the token that you logged in with is not good for this: it lacks the scope "+string(s))
		case t != nil:
			g.serve(w, r, t, 1, next)
		case !g.Asks():
			g.Open(next).ServeHTTP(w, r)
		case login != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			http.Redirect(w, r, login+"?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		default:
			g.refuse(w, r)
		}
	})
}

// Open lets everybody in, as often as an address may ask.
func (g *Guard) Open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait, ok := g.ofOthers.take(addressOf(r), 1); !ok {
			tooMany(w, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// LogIn begins a session for a browser that shows a token, and reports whether it
// is one.
func (g *Guard) LogIn(w http.ResponseWriter, r *http.Request, secret string) bool {
	t := find(g.tokens, strings.TrimSpace(secret))
	if t == nil {
		g.log.Warn("a login failed", "address", addressOf(r))
		return false
	}
	http.SetCookie(w, g.sessions.begin(t, r))
	g.log.Info("logged in", "token", t.Name, "address", addressOf(r))
	return true
}

// LogOut ends the session of a browser.
func (g *Guard) LogOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, g.sessions.end(r))
}
