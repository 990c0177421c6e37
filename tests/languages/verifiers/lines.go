package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
)

// main verifies a JWT in each line of standard input, and prints a line for each.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		found, err := claimsOf(context.Background(), lines.Text())
		switch {
		case err != nil:
			fmt.Println("failed", err)
		case found == nil:
			fmt.Println("rejected")
		default:
			fmt.Println("accepted", found.ID)
		}
	}
}
