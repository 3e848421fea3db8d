package main

import (
	"math"
	"testing"
)

func TestFitFollowsExamplesAndPrior(t *testing.T) {
	var examples []example
	for n := range 40 {
		examples = append(examples,
			example{model: "m", features: []string{"bias", "good"}, article: n, holds: true},
			example{model: "m", features: []string{"bias", "bad"}, article: n})
	}
	w := fit(examples, regression{"never seen": 2})
	for _, test := range []struct {
		feature  string
		min, max float64
	}{
		{"good", 0.5, 10},
		{"bad", -10, -0.5},
		{"never seen", 2, 2},
	} {
		t.Run(test.feature, func(t *testing.T) {
			if got := w[test.feature]; got < test.min || got > test.max {
				t.Errorf("weight %.2f, want %.2f to %.2f", got, test.min, test.max)
			}
		})
	}
}

func TestCalibrate(t *testing.T) {
	// Of what is given 0.6 nine in ten hold, of 0.4 one in ten: the log-odds
	// must be stretched.
	var judged []*judgement
	for n := range 400 {
		judged = append(judged, &judgement{p: 0.6, holds: n%10 != 0}, &judgement{p: 0.4, holds: n%10 == 0})
	}
	scale, shift := calibrate(judged)
	got := 1 / (1 + math.Exp(-scale*math.Log(0.6/0.4)-shift))
	if got < 0.75 || got > 0.93 || math.Abs(shift) > 0.2 {
		t.Errorf("0.6 becomes %.2f (scale %.2f, shift %.2f), want about 0.9", got, scale, shift)
	}
}

func TestBestLimitTakesTheMiddle(t *testing.T) {
	judged := []*judgement{{p: 0.9, holds: true, any: true}, {p: 0.8, holds: true, any: true}, {p: 0.1}, {p: 0.15}}
	r := bestLimit(judged)
	if r.f1 != 1 || r.limit < 0.4 || r.limit > 0.5 {
		t.Errorf("limit %.2f with F1 %.2f; every limit from 0.2 to 0.7 is right, want their middle", r.limit, r.f1)
	}
}
