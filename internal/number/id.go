package number

// idYear is what the year counts in an ID: ID = year×10^8 + serial, the twelve digits of the number as one
// integer. Numbers of one year are contiguous and the newer ones have the higher IDs.
const idYear = 100_000_000

// ID is the row of a matter in a store, for its number in any form that Parse reads.
func ID(s string) (int64, error) {
	year, serial, err := Split(s)
	if err != nil {
		return 0, err
	}
	return FirstID(year) + int64(serial), nil
}

// OfID is the number whose ID it is, "" if there is no such number.
func OfID(id int64) string {
	s, err := Format(int(id/idYear), int(id%idYear))
	if err != nil {
		return ""
	}
	return s
}

// FirstID is the ID below all of a year's; those of the year follow, up to FirstID + MaxSerial.
func FirstID(year int) int64 { return int64(year) * idYear }
