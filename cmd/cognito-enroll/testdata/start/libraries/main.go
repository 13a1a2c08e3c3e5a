// Command libraries is hello with an argument and bare without, and has in it the libraries that cognito-enroll has.
package main

import (
	"fmt"
	"os"

	_ "charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	_ "charm.land/lipgloss/v2"
	_ "github.com/aws/aws-sdk-go-v2/config"
	_ "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

type screen struct{}

func (screen) Init() tea.Cmd                         { return nil }
func (s screen) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, nil }
func (screen) View() tea.View                        { return tea.View{Content: "●", AltScreen: true} }

func main() {
	if len(os.Args) > 1 {
		fmt.Println("hello")
		return
	}
	tea.NewProgram(screen{}).Run()
}
