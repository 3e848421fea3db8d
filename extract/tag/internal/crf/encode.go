package crf

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/breachgraph/breachgraph/extract/tag/internal/feature"
)

const (
	magic   = "tagger 2\n"
	maxSize = 256 << 20 // of a model once unpacked; more is no model of ours
)

// Encode returns the form of a model that [Decode] reads. Rows are in
// ascending order of their ids.
func Encode(heads []*Head, rows []Row) ([]byte, error) {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(heads)))
	for _, h := range heads {
		b = appendString(b, h.Name)
		b = binary.AppendUvarint(b, uint64(len(h.Kinds)))
		for _, k := range h.Kinds {
			b = appendString(b, k)
		}
		single := uint64(0)
		if h.Single {
			single = 1
		}
		b = binary.AppendUvarint(b, single)
		b = binary.AppendVarint(b, int64(h.Bias))
		b = binary.AppendUvarint(b, math.Float64bits(h.Unit))
		for _, v := range h.Follow {
			b = binary.AppendVarint(b, int64(v))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(rows)))
	last := feature.ID(0)
	for _, r := range rows {
		if r.ID <= last {
			return nil, fmt.Errorf("encode model: feature %d after %d", r.ID, last)
		}
		b = binary.AppendUvarint(b, uint64(r.ID-last))
		last = r.ID
	}
	// Like stands beside like, which packs best.
	for _, r := range rows {
		b = append(b, uint8(len(r.Columns)))
	}
	for _, r := range rows {
		b = append(b, r.Columns...)
	}
	for _, r := range rows {
		for _, w := range r.Weights {
			b = append(b, uint8(w))
		}
	}
	var out bytes.Buffer
	out.WriteString(magic)
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errShort = errors.New("it ends too early or is damaged")

// Decode reads a model that [Encode] wrote.
func Decode(raw []byte) (*Model, error) {
	packed, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok {
		return nil, errors.New("decode model: no model of this version")
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxSize))
	if err != nil {
		return nil, fmt.Errorf("decode model: %w", err)
	}
	r := &reader{b: b}
	heads := r.heads()
	rows := r.rows()
	if r.failed || len(r.b) > 0 {
		return nil, fmt.Errorf("decode model: %w", errShort)
	}
	width := 0
	for _, h := range heads {
		width += h.Width()
	}
	if width > 256 {
		return nil, fmt.Errorf("decode model: %d labels", width)
	}
	for _, row := range rows {
		if len(row.Columns) >= dense {
			return nil, fmt.Errorf("decode model: feature with %d weights", len(row.Columns))
		}
		for _, c := range row.Columns {
			if int(c) >= width {
				return nil, fmt.Errorf("decode model: column %d of %d", c, width)
			}
		}
	}
	return NewModel(heads, rows), nil
}

// A reader takes values off the front of b; after the first that is not there
// it has failed and gives zeros.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads the number of things that each take at least a byte of what is
// left.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) heads() []*Head {
	heads := make([]*Head, r.count())
	for i := range heads {
		h := &Head{Name: string(r.take(r.uvarint()))}
		h.Kinds = make([]string, min(r.count(), 127))
		for k := range h.Kinds {
			h.Kinds[k] = string(r.take(r.uvarint()))
		}
		h.Single = r.uvarint() == 1
		h.Bias = int32(r.varint())
		h.Unit = math.Float64frombits(r.uvarint())
		if !(h.Unit >= 1 && h.Unit <= 1000) {
			r.failed, h.Unit = true, 1
		}
		h.Follow = make([]int32, h.Width()*h.Width())
		for j := range h.Follow {
			h.Follow[j] = int32(r.varint())
		}
		heads[i] = h
	}
	return heads
}

func (r *reader) rows() []Row {
	rows := make([]Row, r.count())
	last := uint64(0)
	for i := range rows {
		delta := r.uvarint()
		last += delta
		if delta == 0 || last > math.MaxUint32 {
			r.failed, r.b = true, nil
		}
		rows[i].ID = feature.ID(last)
	}
	sizes := r.take(uint64(len(rows)))
	for i, n := range sizes {
		rows[i].Columns = r.take(uint64(n))
	}
	for i, n := range sizes {
		raw := r.take(uint64(n))
		rows[i].Weights = make([]int8, len(raw))
		for j, w := range raw {
			rows[i].Weights[j] = int8(w)
		}
	}
	return rows
}
