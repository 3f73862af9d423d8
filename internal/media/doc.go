// Package media looks at files that people hand in: what they are, by their content and never by their name; whether
// opening them could do harm; and it takes out of photographs what tells where and with what they were taken. It is
// pure. It must never trust a name, run or unpack what is in a file, or change what a picture shows.
package media
