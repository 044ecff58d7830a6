package ui_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/mockoauth/mockoauth/provider/ui"
)

func ExampleWriteLogin() {
	w := httptest.NewRecorder()
	err := ui.WriteLogin(w, 200, ui.Login{
		Action: "/login",
		Hidden: []ui.Field{{Name: "request", Value: "7f3a"}},
		Client: ui.Client{ID: "web", Name: "Web application"},
	})
	fmt.Println(w.Code, w.Header().Get("Content-Type"), err)
	// Output: 200 text/html; charset=utf-8 <nil>
}
