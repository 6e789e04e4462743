// Channels of Go as the limit: the same work as the channel and csp suites, without Python.
// Speaks the protocol of src/host/protocol.ts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

type request struct {
	Op       string `json:"op"`
	Workload string `json:"workload"`
	N        int    `json:"n"`
}

func throughput(capacity, pairs int) func(int) int {
	return func(n int) int {
		c := make(chan int, capacity)
		share := (n + pairs - 1) / pairs
		sums := make([]int, pairs)
		var all sync.WaitGroup
		for p := 0; p < pairs; p++ {
			all.Add(2)
			go func() {
				defer all.Done()
				for i := 0; i < share; i++ {
					c <- 7
				}
			}()
			go func(p int) {
				defer all.Done()
				for i := 0; i < share; i++ {
					sums[p] += <-c
				}
			}(p)
		}
		all.Wait()
		sum := 0
		for _, s := range sums {
			sum += s
		}
		return sum
	}
}

func roundTrip(capacity int) func(int) int {
	return func(n int) int {
		there, back := make(chan int, capacity), make(chan int, capacity)
		go func() {
			for i := 0; i < n; i++ {
				back <- <-there + 1
			}
		}()
		sum := 0
		for i := 0; i < n; i++ {
			there <- i & 63
			sum += <-back
		}
		return sum
	}
}

// How processes are started: as goroutines that share threads, or each with a thread to itself, as
// ours have.
type spawner func(process func())

func shared(process func()) { go process() }

func locked(process func()) {
	go func() {
		runtime.LockOSThread()
		process()
	}()
}

// Commstime: prefix -> delta -> successor -> prefix, and delta -> consumer. Four rendezvous a turn.
func commstime(spawn spawner) func(int) int {
	return func(n int) int { return turns(spawn, n) }
}

func turns(spawn spawner, n int) int {
	a, b, c, d := make(chan int), make(chan int), make(chan int), make(chan int)
	done := make(chan struct{})
	spawn(func() { // prefix
		value := 0
		for {
			select {
			case a <- value:
			case <-done:
				return
			}
			select {
			case value = <-c:
			case <-done:
				return
			}
		}
	})
	spawn(func() { // delta
		for {
			select {
			case v := <-a:
				select {
				case b <- v:
				case <-done:
					return
				}
				select {
				case d <- v:
				case <-done:
					return
				}
			case <-done:
				return
			}
		}
	})
	spawn(func() { // successor
		for {
			select {
			case v := <-b:
				select {
				case c <- v + 1:
				case <-done:
					return
				}
			case <-done:
				return
			}
		}
	})
	sum := 0
	for i := 0; i < n; i++ {
		sum += <-d
	}
	close(done)
	return sum
}

// A token goes around a ring of four; three of them add one to it. n hops.
func ring(n int) int {
	turns := (n + 3) / 4
	links := make([]chan int, 4)
	for i := range links {
		links[i] = make(chan int, 1)
	}
	for i := 1; i < 4; i++ {
		go func(in, out chan int) {
			for t := 0; t < turns; t++ {
				out <- <-in + 1
			}
		}(links[i], links[(i+1)%4])
	}
	value := 0
	for t := 0; t < turns; t++ {
		links[1] <- value
		value = <-links[0]
	}
	return value
}

// A token goes around a ring of 100 rendezvous, one lower at each hop, until it is used up. The ring
// is made once and stays.
func ring100(spawn spawner) func(int) int {
	const size = 100
	var links [size]chan int
	done := make(chan int)
	start := sync.OnceFunc(func() {
		for i := range links {
			links[i] = make(chan int)
		}
		for i := range links {
			in, out := links[i], links[(i+1)%size]
			spawn(func() {
				for left := range in {
					if left == 0 {
						done <- 0
					} else {
						out <- left - 1
					}
				}
			})
		}
	})
	return func(n int) int {
		start()
		links[0] <- n
		return <-done
	}
}

func selecting4(n int) int {
	var from [4]chan int
	quarter := (n + 3) / 4
	for i := range from {
		c := make(chan int, 64)
		from[i] = c
		go func() {
			for i := 0; i < quarter; i++ {
				c <- 7
			}
		}()
	}
	sum := 0
	for i := 0; i < quarter*4; i++ {
		select {
		case v := <-from[0]:
			sum += v
		case v := <-from[1]:
			sum += v
		case v := <-from[2]:
			sum += v
		case v := <-from[3]:
			sum += v
		}
	}
	return sum
}

func selecting(n int) int {
	a, b := make(chan int, 64), make(chan int, 64)
	half := (n + 1) / 2
	for _, c := range []chan int{a, b} {
		go func(c chan int) {
			for i := 0; i < half; i++ {
				c <- 7
			}
		}(c)
	}
	sum := 0
	for i := 0; i < half*2; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		}
	}
	return sum
}

func main() {
	workloads := map[string]func(int) int{
		"int-rendezvous":        throughput(0, 1),
		"int-1":                 throughput(1, 1),
		"int-64":                throughput(64, 1),
		"int-64-4x4":            throughput(64, 4),
		"round-trip":            roundTrip(1),
		"round-trip-rendezvous": roundTrip(0),
		"commstime":             commstime(shared),
		"commstime-locked":      commstime(locked),
		"ring":                  ring,
		"ring-100":              ring100(shared),
		"ring-100-locked":       ring100(locked),
		"select":                selecting,
		"select-4":              selecting4,
	}
	names := []string{}
	for name := range workloads {
		names = append(names, name)
	}
	reply := func(v any) {
		text, _ := json.Marshal(v)
		fmt.Printf("\n@bench %s\n", text)
	}
	reply(map[string]any{"ready": true, "version": runtime.Version(), "workloads": names})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			reply(map[string]any{"error": err.Error()})
			continue
		}
		if r.Op == "close" {
			return
		}
		work, known := workloads[r.Workload]
		if !known {
			reply(map[string]any{"error": "no workload " + r.Workload})
			continue
		}
		start := time.Now()
		check := work(r.N)
		reply(map[string]any{"seconds": time.Since(start).Seconds(), "check": check})
	}
}
