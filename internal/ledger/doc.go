// Package ledger is the tamper-evident log under every matter: it commits to
// entries, grows the Merkle tree, signs checkpoints, makes receipts and
// verifies them. The format is specified in doc/log-format.md.
//
// It must never see a database, a clock or a network: stores hand it hashes and
// tiles and keep what it returns. It must never put anything into a leaf but a
// salted commitment, and it must never have tree or signature arithmetic of its
// own: that is golang.org/x/mod/sumdb and filippo.io/torchwood.
package ledger
