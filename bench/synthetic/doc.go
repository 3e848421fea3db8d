// Package synthetic makes up articles on breaches, with what an extractor finds
// in them, for measuring how fast a graph loads and answers. The same seed gives
// the same articles. They are in shape what a crawl brings: incidents that
// several articles tell of for some weeks, figures that rise, denials and
// boasts that contradict what was confirmed, a few names in thousands of
// articles and many in one or two.
//
// plan.go says which article tells of which incident when, names.go makes up
// names, text.go lays sentences end to end and notes who stands where in them,
// article.go tells a story.
package synthetic
