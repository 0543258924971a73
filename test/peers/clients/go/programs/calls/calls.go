// Package calls makes signed calls as the test wants them: PROGRAM HOST once | at-once COUNT | lines.
package calls

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Host is where the service listens, as 127.0.0.1:PORT.
func Host() string { return os.Args[1] }

// Run makes the calls, each by call, and ends the program with 1 if any failed.
func Run(call func() error) {
	switch os.Args[2] {
	case "lines":
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			fmt.Println(answer(call()))
		}
		return
	case "at-once":
		count, err := strconv.Atoi(os.Args[3])
		if err != nil {
			panic(err)
		}
		atOnce(count, call)
	default:
		if err := call(); err != nil {
			fmt.Fprintln(os.Stderr, answer(err))
			os.Exit(1)
		}
	}
}

func atOnce(count int, call func() error) {
	var all sync.WaitGroup
	failures := make(chan error, count)
	for range count {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := call(); err != nil {
				failures <- err
			}
		}()
	}
	all.Wait()
	close(failures)
	for err := range failures {
		fmt.Fprintf(os.Stderr, "%d of %d failed: %s\n", len(failures)+1, count, answer(err))
		os.Exit(1)
	}
}

// In one line.
func answer(err error) string {
	if err == nil {
		return "ok"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
