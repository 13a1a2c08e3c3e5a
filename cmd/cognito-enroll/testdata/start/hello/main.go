// Command hello prints a line: what any Go program takes.
package main

import "fmt"

func main() { fmt.Println("hello") }
