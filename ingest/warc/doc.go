// Package warc reads and writes WARC files (ISO 28500, versions 1.0 and 1.1),
// in which captured pages are kept, so that extraction can be repeated without
// the network. No Go module for the format that is kept is to be had, so the
// parser is ours. It knows nothing of articles; package archive, below, names the
// files and keeps an index.
//
// record.go has what a record is made of. reader.go walks the records of a
// file, plain or compressed record by record, on the bytes of source.go, and
// search.go finds the way on behind damage; response.go takes the captured HTTP
// response out of a record. draft.go makes records, and writer.go appends them
// to a file, after tail.go has cut off what a crash left unfinished there.
package warc
