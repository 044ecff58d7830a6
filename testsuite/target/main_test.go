package target_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain is the command that logs users in, too: the test binary starts itself
// with LOGIN_BY saying how it is to behave.
func TestMain(m *testing.M) {
	how, isCommand := os.LookupEnv("LOGIN_BY")
	if !isCommand {
		os.Exit(m.Run())
	}
	os.Exit(logIn(how))
}

func logIn(how string) int {
	switch how {
	case "form":
		to, err := throughPages(os.Args[len(os.Args)-1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(to)
	case "telling":
		var told []string
		for _, name := range []string{"URL", "USERNAME", "PASSWORD", "REDIRECT_URI"} {
			told = append(told, os.Getenv("MOCKOAUTH_LOGIN_"+name))
		}
		fmt.Print("app:/" + strings.Join(append(os.Args[1:], told...), "|"))
	case "failing":
		fmt.Fprintln(os.Stderr, "no such user here")
		return 7
	case "silent":
	case "talking":
		fmt.Println("https://client.example/cb?code=c\nDone.")
	case "garbage":
		fmt.Println("code=c")
	case "flooding":
		for range 1000 {
			fmt.Println(strings.Repeat("x", 1000))
			fmt.Fprintln(os.Stderr, strings.Repeat("x", 1000))
		}
	case "sleeping":
		time.Sleep(time.Minute)
	}
	return 0
}
