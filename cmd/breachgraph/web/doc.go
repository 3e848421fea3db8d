// Package web holds the pages that people look at: templates, a style sheet and
// what fills them. Pages work without JavaScript, in light and dark, by
// keyboard, and escape all that comes from articles.
package web
