// Package access decides who may ask the service what: tokens with scopes,
// sessions of browsers, the names it may be asked by, how often and how much. It
// knows nothing of what is answered.
//
// token.go reads tokens and compares them, session.go remembers browsers that
// logged in, limit.go counts requests, guard.go puts handlers behind all that,
// listen.go says where one may listen, problem.go writes errors by RFC 9457.
package access
