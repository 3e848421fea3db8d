package web

import (
	"net/http"
	"strings"
)

const loginPath = "/login"

type loginPage struct {
	Next   string
	Failed bool
}

// askLogin answers GET /login.
func (s *Site) askLogin(w http.ResponseWriter, r *http.Request) {
	v := s.view(r, "login")
	v.Page = loginPage{Next: within(r.URL.Query().Get("next"))}
	s.write(w, http.StatusOK, v)
}

// logIn answers POST /login.
func (s *Site) logIn(w http.ResponseWriter, r *http.Request) {
	next := within(r.PostFormValue("next"))
	if s.Guard.LogIn(w, r, r.PostFormValue("token")) {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	v := s.view(r, "login")
	v.Page = loginPage{Next: next, Failed: true}
	s.write(w, http.StatusUnauthorized, v)
}

// logOut answers POST /logout.
func (s *Site) logOut(w http.ResponseWriter, r *http.Request) {
	s.Guard.LogOut(w, r)
	http.Redirect(w, r, loginPath, http.StatusSeeOther)
}

// within is a path of this site, so that no link to the login leads elsewhere.
func within(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
