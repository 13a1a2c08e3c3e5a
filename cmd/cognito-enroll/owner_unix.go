//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// mine reports whether whoever runs this owns a file.
func mine(info fs.FileInfo) bool { return ownedBy(info, os.Geteuid()) }

// trusted reports whether whoever runs this owns a file, or root does.
func trusted(info fs.FileInfo) bool { return mine(info) || ownedBy(info, 0) }

func ownedBy(info fs.FileInfo, uid int) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == uid
}

// mayWrite reports whether dir, or what it will be made in, belongs to whoever runs this. Under sudo the home
// may be that of another.
func mayWrite(dir string) bool {
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil {
			return mine(info)
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}
