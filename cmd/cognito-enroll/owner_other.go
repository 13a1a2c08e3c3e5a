//go:build !unix

package main

import "io/fs"

// trusted cannot tell here: access lists say who may write, and not the owner.
func trusted(fs.FileInfo) bool { return true }

func mayWrite(string) bool { return true }
