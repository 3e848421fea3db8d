// Package extract turns an article into mentions, entities, figures, breaches
// and claims, each tied to a span of the article's text. It is pure: the same
// article gives the same result, with no network, clock or randomness.
package extract
