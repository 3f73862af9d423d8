// Package listing is what the stores share in answering a list: the page marker, the units a query may look
// at, the counts by which the cheapest way of reading is chosen, the merge of places, the page itself.
//
// It asks a database only through Reader. It must never hold SQL, know a driver, or decide what somebody may
// see: that comes with the query, as its scope.
package listing
