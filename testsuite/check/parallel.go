package check

import "sync"

// Parallel makes n requests at once and answers what came of each, to be judged
// on the check's own goroutine. ask runs on others: it may ask, and must expect
// nothing. An ask that ends the check ends it here.
func Parallel(n int, ask func() Answer) []Answer {
	answers := make([]Answer, n)
	ends := make([]any, n)
	start := make(chan struct{})
	var asking sync.WaitGroup
	for i := range n {
		asking.Go(func() {
			defer func() { ends[i] = recover() }()
			<-start
			answers[i] = ask()
		})
	}
	close(start)
	asking.Wait()
	for _, end := range ends {
		if end != nil {
			panic(end)
		}
	}
	return answers
}
