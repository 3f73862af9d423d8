// Package diagram draws a procedure: as a picture of its states and steps (SVG), and as a process model that
// other programs read (BPMN 2.0). Both are made from the declaration alone and come out the same every time.
// It must never decide what is lawful: what it shows of running clocks leaves conditions of steps aside.
package diagram
