package extract

import (
	"slices"
	"testing"
)

func TestValues(t *testing.T) {
	for p, want := range map[Predicate]int{Exposed: 37, Used: 20, Offered: 10, Hired: 0} {
		if got := Values(p); len(got) != want || !slices.IsSorted(got) {
			t.Errorf("Values(%s) = %d values %v, want %d in order", p, len(got), got, want)
		}
	}
}

func TestValuesIn(t *testing.T) {
	tests := []struct {
		name, text string
		predicate  Predicate
		want       []string
	}{
		{"data", "Names, “Social Security numbers” and phone numbers were stolen.", Exposed, []string{"name", "phone_number", "ssn"}},
		{"method", "They got in by brute force.", Used, []string{"brute_force"}},
		{"remedy", "Two years of credit monitoring are free.", Offered, []string{"credit_monitoring"}},
		{"nothing", "The company hired a firm.", Used, nil},
		{"no values", "The company hired a firm.", Hired, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ValuesIn(tt.predicate, tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("ValuesIn(%s, %q) = %v, want %v", tt.predicate, tt.text, got, tt.want)
			}
		})
	}
}
