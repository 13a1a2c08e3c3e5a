// Package process does what TestRunsKnowNoProcess is to find.
package process

import (
	"log"
	system "os"
	"os/signal"
)

func use() {
	log.Print(system.Stdin, system.Getenv("HOME"))
	signal.Stop(nil)
	system.Open("/dev/tty")
	system.Open("/proc/self")
}
