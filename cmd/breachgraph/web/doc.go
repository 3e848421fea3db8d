// Package web holds the pages that people look at: templates, a style sheet and
// what fills them. Pages work without JavaScript, in light and dark, by
// keyboard, and escape all that comes from articles.
//
// evidence.go, text.go and drawing.go write the page of one article, graph.go that
// of a part of the graph; both are files of their own. The status pages of a
// service begin in site.go, which lists them; render.go writes them and says what
// went wrong, words.go has what templates call, chart.go draws; overview.go,
// sources.go, articles.go, breaches.go, dead.go and login.go fill one subject each.
// Their templates are in status/.
package web
