package access

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"
)

// A Problem is an error as RFC 9457 has it. Its type is about:blank, so that its
// title is that of the status.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"` // for people: what is wrong and what to do
}

// WriteProblem answers with a problem.
func WriteProblem(w http.ResponseWriter, status int, detail string) {
	title := http.StatusText(status)
	if title == "" {
		title = "Error"
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	// Texts and a number cannot fail, and of a client that is gone nobody need know.
	_ = json.NewEncoder(w).Encode(Problem{"about:blank", title, status, detail})
}

// tooMany answers a request that came too early.
func tooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(max(wait, time.Second).Seconds()))))
	WriteProblem(w, http.StatusTooManyRequests, "too many requests; wait as long as Retry-After says")
}
