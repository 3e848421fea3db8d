package crawl

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// ErrPrivate is wrapped by the error of a fetch from an address that is not on
// the open internet, unless [Options.AllowPrivate] is set: a page must not be
// able to send us to the machines beside us.
var ErrPrivate = errors.New("address is not public")

// reserved are the networks that are not on the open internet, beyond those
// that net/netip knows by name. From the IANA registries of special-purpose
// addresses; the IPv6 ones hold an IPv4 address that would be reached instead.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// guardDial refuses a connection once its address is known, so that no name
// can be made to mean another address between a check and its use.
func guardDial(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPrivate, address)
	}
	if !isPublic(to.Addr()) {
		return fmt.Errorf("%w: %s", ErrPrivate, to.Addr())
	}
	return nil
}

// A router sends requests through the proxy where there is one for them, and
// else straight to servers.
type router struct {
	proxy           func(*http.Request) (*url.URL, error)
	direct, proxied *http.Transport
	allowPrivate    bool
}

func newRouter(allowPrivate bool, proxy func(*http.Request) (*url.URL, error)) *router {
	base := func(d *net.Dialer) *http.Transport {
		return &http.Transport{
			DialContext:            d.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        30 * time.Second,
			MaxIdleConns:           128,
			MaxResponseHeaderBytes: 256 << 10,
		}
	}
	guarded := &net.Dialer{Timeout: 10 * time.Second}
	if !allowPrivate {
		guarded.Control = guardDial
	}
	r := &router{
		proxy: proxy, direct: base(guarded), proxied: base(&net.Dialer{Timeout: 10 * time.Second}), allowPrivate: allowPrivate,
	}
	r.proxied.Proxy = proxy
	return r
}

func (r *router) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := r.proxy(req)
	if err != nil || proxy == nil {
		return r.direct.RoundTrip(req)
	}
	// The proxy looks names up, and it is its business which it serves; what
	// is plainly private is refused here.
	host := strings.TrimSuffix(strings.ToLower(req.URL.Hostname()), ".")
	a, err := netip.ParseAddr(host)
	private := err == nil && !isPublic(a) || host == "localhost" || strings.HasSuffix(host, ".localhost")
	if private && !r.allowPrivate {
		return nil, fmt.Errorf("%w: %s", ErrPrivate, host)
	}
	return r.proxied.RoundTrip(req)
}
