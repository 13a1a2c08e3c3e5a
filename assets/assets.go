// Package assets holds the files that are built into the program.
package assets

import _ "embed"

// Demo is the user pools of the demonstration as JSON: a localpool.Seed, and beside it "scenarios", which
// say of each user in a few words and in one sentence what happens when that one signs in.
//
//go:embed demo.json
var Demo []byte

// Licenses is the notices of this program and of all modules in it. A test in cmd/cognito-enroll generates it.
//
//go:embed licenses.txt
var Licenses string

// ServeUnit is a systemd unit for serve.
//
//go:embed serve.service
var ServeUnit string

// ServeContainer is a container file for serve.
//
//go:embed serve.containerfile
var ServeContainer string
