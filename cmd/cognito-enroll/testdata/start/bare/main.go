// Command bare shows one character that is not ASCII: what any Bubble Tea program takes.
package main

import tea "charm.land/bubbletea/v2"

type screen struct{}

func (screen) Init() tea.Cmd                         { return nil }
func (s screen) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, nil }
func (screen) View() tea.View                        { return tea.View{Content: "●", AltScreen: true} }

func main() { tea.NewProgram(screen{}).Run() }
