// Package web is the pages: server-rendered, complete without script, in Chinese and English. It turns a
// request into one call of the casework service and its answer into a page.
//
// It must never decide what is lawful or who may see what, that is the service's; it must never put anything
// personal into a URL or the server's log, show the inside of a failure, or write a page that needs an
// inline script or style.
package web
