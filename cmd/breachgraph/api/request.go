package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/breachgraph/breachgraph/cmd/breachgraph/catalog"
)

// maxParam bounds one parameter, in bytes.
const maxParam = 4 << 10

// params are the query parameters of r, each of names, given at most once.
func params(r *http.Request, names ...string) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query of the address cannot be read")
	}
	for name, given := range values {
		switch {
		case !slices.Contains(names, name):
			return nil, badRequest(fmt.Sprintf("there is no parameter %.100q; there is %s", name, strings.Join(names, ", ")))
		case len(given) > 1:
			return nil, badRequest(fmt.Sprintf("parameter %s is given twice", name))
		case len(given[0]) > maxParam:
			return nil, badRequest(fmt.Sprintf("parameter %s is longer than %d bytes", name, maxParam))
		}
	}
	return values, nil
}

// number reads a whole number from least to most; not given it is deflt.
func number(v url.Values, name string, deflt, least, most int) (int, error) {
	text := v.Get(name)
	if text == "" {
		return deflt, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badRequest(fmt.Sprintf("parameter %s is a whole number from %d to %d", name, least, most))
	}
	return n, nil
}

// page reads what part of a list is wanted.
func page(v url.Values) (catalog.Page, error) {
	skip, err := number(v, "skip", 0, 0, catalog.MaxSkip)
	if err != nil {
		return catalog.Page{}, err
	}
	limit, err := number(v, "limit", 50, 1, catalog.MaxPage)
	return catalog.Page{Skip: skip, Limit: limit}, err
}

// day reads a day, zero where none is given.
func day(v url.Values, name string) (time.Time, error) {
	text := v.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, badRequest(fmt.Sprintf("parameter %s is a day such as 2021-08-16", name))
	}
	return t, nil
}
