//go:build !race

package localpool

// raceEnabled says that the race detector is at work.
const raceEnabled = false
