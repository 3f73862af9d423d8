// Package pgtest gives tests a real PostgreSQL: one private cluster in a temporary folder for each test
// process, or the server that LUOSHI_TEST_POSTGRES names. Nothing has to be started by hand, and nothing is
// skipped where PostgreSQL is missing: the test fails and says what to install.
//
// The cluster listens on 127.0.0.1 only, with a random password, without fsync unless a test asks for it. It
// orders text by Chinese pinyin, as no ordering of ours may do, so that a column that forgot COLLATE "C" is
// found. It ends with the process that started it, also when that is killed.
//
// It is for tests: no package may import it outside of them, and it must never touch a server or a database
// that it was not given or has not made.
package pgtest
