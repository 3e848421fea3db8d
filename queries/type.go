package queries

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Type is what values a parameter takes: one of the constants, or a list of
// one of them, such as list<string>, whose values are parted by commas.
type Type string

// The types of single values, and what [Query.Args] makes of each.
const (
	Date    Type = "date"    // time.Time, midnight UTC
	Integer Type = "integer" // int64
	Float   Type = "float"   // float64, finite
	String  Type = "string"  // string
	Boolean Type = "boolean" // bool
)

// A reader makes a value of its text.
type reader func(text string) (any, error)

// reader is nil for a type that does not exist.
func (t Type) reader() reader {
	element, isList := strings.CutPrefix(string(t), "list<")
	element, closed := strings.CutSuffix(element, ">")
	if isList != closed {
		return nil
	}
	switch Type(element) {
	case Date:
		return newReader(isList, "a date such as 2021-08-16", func(text string) (time.Time, error) {
			return time.Parse(time.DateOnly, text)
		})
	case Integer:
		return newReader(isList, "a whole number of 64 bits", func(text string) (int64, error) {
			return strconv.ParseInt(text, 10, 64)
		})
	case Float:
		return newReader(isList, "a finite number", readFloat)
	case String:
		return newReader(isList, "valid UTF-8", readString)
	case Boolean:
		return newReader(isList, "true or false", readBoolean)
	}
	return nil
}

// errUnfit stands for what a library would say; newReader says what is wanted
// instead.
var errUnfit = errors.New("unfit")

func readFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, errUnfit
	}
	return f, err
}

func readString(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errUnfit
	}
	return text, nil
}

func readBoolean(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, errUnfit
	}
	return text == "true", nil
}

// newReader makes a reader of one value, or of a list, from read; wanted is
// what the error says that the text is not.
func newReader[T any](isList bool, wanted string, read func(string) (T, error)) reader {
	one := func(text string) (T, error) {
		v, err := read(text)
		if err != nil {
			return v, fmt.Errorf("%q is not %s", text, wanted)
		}
		return v, nil
	}
	if !isList {
		return func(text string) (any, error) { return one(text) }
	}
	return func(text string) (any, error) {
		var list []T
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part == "" {
				return nil, fmt.Errorf("%q has an empty value between commas", text)
			}
			v, err := one(part)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	}
}
