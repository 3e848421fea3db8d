// Package robots reads robots.txt files and says what a crawler may fetch, by
// RFC 9309 and, where that leaves things open, as Google's reference parser
// does (github.com/google/robotstxt). It fetches nothing: what a missing,
// forbidden or failing robots.txt means is for the crawler to say.
//
// Site owners' mistakes are read as they were meant as long as the reference
// parser does so too: "Disalow", "user agent", a missing colon. Where RFC and
// reference disagree, the reading that forbids more holds, since a page fetched
// against the will of its owner cannot be given back (see pattern.go).
package robots
