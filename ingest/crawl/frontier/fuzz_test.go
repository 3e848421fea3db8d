package frontier

import (
	"testing"
)

// FuzzItem reads what may be kept of an item: what can be read is written in
// the same way, and read again as the same.
func FuzzItem(f *testing.F) {
	f.Add(encodeItem(Item{}))
	f.Add(encodeItem(Item{
		URL: "https://a.example/1?x", ID: "https://a.example/1", Kind: Feed, Depth: 1, Due: noon, Published: noon, Visited: noon,
		ETag: "e", LastModified: "m", Hash: "h", Revision: 2, Failures: 1, Reason: "why", queue: 7,
	}))
	f.Add([]byte{0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		it, err := decodeItem(b)
		if err != nil {
			return
		}
		again, err := decodeItem(encodeItem(it))
		if it.ID == it.URL {
			it.ID = ""
		}
		if err != nil || again != it {
			t.Errorf("%+v became %+v: %v", it, again, err)
		}
	})
}
